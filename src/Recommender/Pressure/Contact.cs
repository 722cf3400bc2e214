using System.Collections.Immutable;
using Recommender.Interactions;

namespace Recommender.Pressure;

public enum ContactState
{
    /// <summary>Somebody is about to make it; it counts until it expires.</summary>
    Reserved,

    Confirmed,

    /// <summary>It was not made; it does not count.</summary>
    Cancelled,
}

/// <summary>One entry of the ledger: an approach to a person on a channel (mail, push, call, store).</summary>
/// <param name="Id">Chosen by the sender, so that reserving twice is reserving once.</param>
/// <param name="At">When it was reserved, later when it was made.</param>
public sealed record Contact(string Id, Person Person, string Channel, string Purpose, DateTimeOffset At, ContactState State)
{
    /// <summary>For a reservation: when it stops counting unless confirmed.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public string Scenario { get; init; } = "";

    public ImmutableArray<string> ItemIds { get; init; } = [];

    /// <summary>Whether it counts against budgets at a moment.</summary>
    public bool CountsAt(DateTimeOffset now) => State == ContactState.Confirmed || (State == ContactState.Reserved && ExpiresAt > now);

    public bool Equals(Contact? other) => other is not null
        && (Id, Person, Channel, Purpose, At, State, ExpiresAt, Scenario) == (other.Id, other.Person, other.Channel, other.Purpose, other.At, other.State, other.ExpiresAt, other.Scenario)
        && ItemIds.AsSpan().SequenceEqual(other.ItemIds.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Id, Person, At, State);
}

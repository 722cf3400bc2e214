namespace Recommender.Pressure;

/// <summary>Go ahead, or stay silent and why.</summary>
/// <param name="Reason">For people; empty where it is allowed.</param>
/// <param name="AllowedFrom">When time alone will allow it; null where it will not.</param>
public readonly record struct PressureDecision(bool Allowed, string Reason, DateTimeOffset? AllowedFrom)
{
    public static PressureDecision GoAhead { get; } = new(true, "", null);

    /// <summary>For counting; none where it is allowed.</summary>
    public SilenceCause Cause { get; init; }

    public static PressureDecision Silent(SilenceCause cause, string reason) => new(false, reason, null) { Cause = cause };

    /// <summary>What a limit says of the contacts that count against it.</summary>
    /// <param name="moments">When they were made, oldest first.</param>
    public static PressureDecision Of(ContactLimit limit, IReadOnlyList<DateTimeOffset> moments, DateTimeOffset now)
    {
        if (moments.Count < limit.Most) return GoAhead;
        // The window is free again when the oldest of the newest `most` leaves it.
        DateTimeOffset? freeAt = limit.Most == 0 ? null : moments[^limit.Most] + (now - limit.Since);
        string until = freeAt is { } moment ? $"; the next from {moment.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "";
        return new PressureDecision(false, limit.Most == 0 ? $"the budget allows none: {limit.Name}" : $"{limit.Name} are enough{until}", freeAt) { Cause = SilenceCause.Budget };
    }
}

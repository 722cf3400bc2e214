using Recommender.Interactions;

namespace Recommender.Customers;

/// <summary>
/// Says that what a visitor (or a second customer account) does belongs to a customer. Nothing is moved by it, so ending it restores both.
/// A visitor linked to several customers is a shared device: what happened on it belongs to whoever was linked last at that moment, and what
/// happened before the first link to the first.
/// </summary>
/// <param name="Id">Chosen by the service.</param>
/// <param name="From">A visitor or a customer.</param>
/// <param name="CustomerId">Whom it belongs to.</param>
/// <param name="Since">From when on the device was the customer's.</param>
/// <param name="Source">Who linked them: "sign-in", "loyalty card", "staff" or the shop's own word.</param>
public sealed record IdentityLink(string Id, Person From, string CustomerId, DateTimeOffset Since, string Source)
{
    /// <summary>When it was ended; null while it holds.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

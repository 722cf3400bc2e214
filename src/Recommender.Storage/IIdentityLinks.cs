using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Storage;

/// <summary>
/// Who belongs to whom. A change is made only on what its maker has seen: links of one shop have a revision that every change moves on, an
/// erasure that deletes links included. It is 0 where there never was a link.
/// </summary>
public interface IIdentityLinks
{
    /// <summary>Enters a link; false, and nothing entered, if the links have changed since <paramref name="revision"/>.</summary>
    /// <exception cref="InvalidOperationException">There is a link of that id; an id is entered once.</exception>
    Task<bool> TryLinkAsync(Tenant tenant, IdentityLink link, long revision, CancellationToken cancellation);

    /// <summary>Ends a link that holds; false, and nothing ended, if the links have changed since or there is no such link holding.</summary>
    Task<bool> TryEndAsync(Tenant tenant, string linkId, DateTimeOffset at, long revision, CancellationToken cancellation);

    /// <summary>All links from and to a person, ended ones too, in the order of their making. Indexed queries.</summary>
    Task<PersonLinks> OfAsync(Tenant tenant, Person person, CancellationToken cancellation);

    /// <summary>All links that hold, read in pages, in no order.</summary>
    IAsyncEnumerable<IdentityLink> ReadHoldingAsync(Tenant tenant, CancellationToken cancellation);
}

/// <param name="Revision">That of the shop's links when this was read.</param>
/// <param name="From">Links by which the person belongs to somebody.</param>
/// <param name="To">Links by which others belong to the person.</param>
public sealed record PersonLinks(long Revision, IReadOnlyList<IdentityLink> From, IReadOnlyList<IdentityLink> To);

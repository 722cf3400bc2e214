using System.Globalization;
using Grpc.Core;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Server.Errors;
using Recommender.Server.Questionnaires;

namespace Recommender.Server.Profiles;

/// <summary>Links people and ends links, and says what that means. What cannot be is refused before anything is written.</summary>
internal sealed class IdentityLinking(Shop shop, Identities identities, TimeProvider time)
{
    /// <summary>Makes a link, or finds that it is made.</summary>
    /// <exception cref="RefusedException">It would link somebody to themselves, close a ring, or give an account a second owner.</exception>
    public async Task<LinkOutcome> LinkAsync(Person from, string customerId, DateTimeOffset? since, string source, CancellationToken cancellation)
    {
        shop.Erased.ThrowIfErased(from);
        shop.Erased.ThrowIfErased(Person.Customer(customerId));
        var link = new IdentityLink(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), from, customerId, since ?? time.GetUtcNow(), source);
        var made = await identities.ChangeAsync([from, Person.Customer(customerId)], async () =>
        {
            var own = await identities.LinksOfAsync(from, cancellation);
            if (Standing(own.From, link, since) is { } standing) return new LinkAttempt<LinkOutcome>(true, false, await DescribeAsync(standing, cancellation));
            if (await ProblemAsync(link, own.From, cancellation) is { } problem) throw problem;
            var outcome = await DescribeAsync(link, cancellation);
            bool done = await shop.Store.Links.TryLinkAsync(shop.Tenant, link, own.Revision, CancellationToken.None);
            return new LinkAttempt<LinkOutcome>(done, done, outcome);
        }, cancellation);
        if (made.Link.Id == link.Id) await new ProfileGaps(shop).FillAsync(from, customerId, CancellationToken.None);
        await ChangedAsync(from, customerId);
        return made;
    }

    /// <summary>Ends all links that hold between the two.</summary>
    public async Task<IReadOnlyList<IdentityLink>> UnlinkAsync(Person from, string customerId, CancellationToken cancellation)
    {
        var ended = await identities.ChangeAsync([from, Person.Customer(customerId)], async () =>
        {
            var own = await identities.LinksOfAsync(from, cancellation);
            var holding = own.From.Where(link => link.EndedAt is null && link.CustomerId == customerId).ToArray();
            if (holding.Length == 0) throw new RefusedException(StatusCode.NotFound, $"no link holds between {from} and customer {customerId}");
            long revision = own.Revision;
            var now = time.GetUtcNow();
            foreach (var link in holding)
            {
                // Each ending moves the revision on by one; if another change comes between, the rest is looked at anew.
                if (!await shop.Store.Links.TryEndAsync(shop.Tenant, link.Id, now, revision++, CancellationToken.None))
                    return new LinkAttempt<IReadOnlyList<IdentityLink>>(false, true, []);
            }
            return new LinkAttempt<IReadOnlyList<IdentityLink>>(true, true, [.. holding.Select(link => link with { EndedAt = now })]);
        }, cancellation);
        await ChangedAsync(from, customerId);
        return ended;
    }

    /// <summary>Both stand elsewhere now, and so does everybody else who has to do with a shared device.</summary>
    private async Task ChangedAsync(Person from, string customerId)
    {
        shop.Kept.Changed(from);
        shop.Kept.Changed(Person.Customer(customerId));
        foreach (var link in (await identities.LinksOfAsync(from, CancellationToken.None)).From) shop.Kept.Changed(Person.Customer(link.CustomerId));
    }

    /// <summary>Why a link would be refused; null if it would not be.</summary>
    public async Task<RefusedException?> ProblemAsync(Person from, string customerId, DateTimeOffset since, CancellationToken cancellation) =>
        await ProblemAsync(new IdentityLink("preview", from, customerId, since, ""), (await identities.LinksOfAsync(from, cancellation)).From, cancellation);

    /// <summary>The link with what follows from it, in words.</summary>
    public async Task<LinkOutcome> DescribeAsync(IdentityLink link, CancellationToken cancellation)
    {
        var holding = (await identities.LinksOfAsync(link.From, cancellation)).From.Where(one => one.EndedAt is null).Append(link).DistinctBy(one => one.Id)
            .OrderBy(one => one.Since).ThenBy(one => one.Id, StringComparer.Ordinal).ToArray();
        var owner = new IdentityMap(await identities.CircleLinksAsync(Person.Customer(link.CustomerId), cancellation)).OwnerOf(Person.Customer(link.CustomerId), link.Since);
        string[] others = [.. holding.Select(one => one.CustomerId).Where(id => id != link.CustomerId).Distinct(StringComparer.Ordinal)];
        return new LinkOutcome(link, owner.Id, others, others.Length == 0 ? [] : [SplitInWords(holding)]);
    }

    private static string SplitInWords(IdentityLink[] holding)
    {
        var parts = new List<string>();
        for (int i = 0; i < holding.Length; i++)
        {
            string until = i + 1 < holding.Length ? $"until {Moment(holding[i + 1].Since)}" : $"from {Moment(holding[i].Since)} on";
            parts.Add($"{until} it counts for {holding[i].CustomerId}");
        }
        return $"{holding[0].From} is a shared device, split by time: {string.Join(", ", parts)}";
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    // Signing in once more on the device one was on last changes nothing; naming another moment does.
    private static IdentityLink? Standing(IReadOnlyList<IdentityLink> from, IdentityLink wanted, DateTimeOffset? since)
    {
        var holding = from.Where(link => link.EndedAt is null).OrderBy(link => link.Since).ThenBy(link => link.Id, StringComparer.Ordinal).ToArray();
        if (since is { } moment) return holding.LastOrDefault(link => link.CustomerId == wanted.CustomerId && link.Since == moment);
        return holding.Length > 0 && holding[^1].CustomerId == wanted.CustomerId ? holding[^1] : null;
    }

    private async Task<RefusedException?> ProblemAsync(IdentityLink link, IReadOnlyList<IdentityLink> from, CancellationToken cancellation)
    {
        var target = Person.Customer(link.CustomerId);
        if (link.From == target) return Refused($"customer {link.CustomerId} cannot be linked to themselves");
        if (link.Since > time.GetUtcNow() + EventRules.LargestLead) return Refused($"since is {link.Since:O}, which is in the future");
        if (link.From.Kind == PersonKind.Visitor) return null;
        if (from.FirstOrDefault(one => one.EndedAt is null && one.CustomerId != link.CustomerId) is { } other)
            return Refused($"{link.From} is linked to customer {other.CustomerId}; an account belongs to one customer: unlink them first");
        var above = new IdentityMap(await identities.CircleLinksAsync(target, cancellation));
        return above.OwnerOf(target, link.Since) == link.From || above.CircleOf(link.From).Contains(target)
            ? Refused($"the link would close a ring: customer {link.CustomerId} belongs to {link.From} already") : null;
    }

    private static RefusedException Refused(string problem) => new(StatusCode.FailedPrecondition, problem);
}

/// <param name="BelongsTo">The customer to whom it all belongs in the end.</param>
internal sealed record LinkOutcome(IdentityLink Link, string BelongsTo, IReadOnlyList<string> SharedWith, IReadOnlyList<string> Notes);

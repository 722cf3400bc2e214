using System.Globalization;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Server.Errors;

namespace Recommender.Server.Relationships;

/// <summary>
/// Brings everybody's stage up to the present day. It looks at those whose day has come and at whoever did something since the last pass; under
/// new rules, or when asked to, at everybody. It goes by batches, each wholly written or not at all, in an order that follows from the ids, and is
/// taken up where it was broken off.
/// </summary>
internal sealed class NightlyPass(Shop shop, TimeProvider time)
{
    private const string Checkpoint = "life_cycle_pass";
    private const int Batch = 256;
    private const int Page = 1000;
    private const int ReportEvery = 10_000;

    // By experience; only the progress depends on it.
    private const double ReadingPart = 0.2;

    private int _running;

    /// <returns>How many customers were worked out.</returns>
    /// <exception cref="RefusedException">Another pass is running.</exception>
    public async Task<PassOutcome> RunAsync(bool full, IProgress<PassStep> progress, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1) throw new RefusedException(StatusCode.Aborted, "another pass is running; wait for its end, or cancel it");
        try { return await WorkAsync(full, progress, cancellation); }
        finally { Volatile.Write(ref _running, 0); }
    }

    private async Task<PassOutcome> WorkAsync(bool full, IProgress<PassStep> progress, CancellationToken cancellation)
    {
        var mark = await FindAsync(cancellation);
        string rules = RelationshipSettings.Fingerprint(shop.Relationships.Rules);
        bool everybody = full || mark.Rules != rules;
        var begun = mark.Begun is { } before && before.Rules == rules && (before.Everybody || !everybody)
            ? before
            : new Begun(rules, everybody, everybody ? 0 : mark.Position, await shop.Store.Events.LastPositionAsync(shop.Tenant, cancellation), null);
        var links = new Links(shop);
        var waiting = InOrder(await CustomersAsync(begun, await links.NowAsync(cancellation), progress, cancellation), begun.Done);

        long worked = 0;
        for (int first = 0; first < waiting.Length; first += Batch)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = waiting.AsSpan(first, Math.Min(Batch, waiting.Length - first)).ToArray();
            await shop.Kept.KeepAsync([.. batch.Select(one => one.CustomerId)], await links.NowAsync(cancellation), cancellation);
            begun = begun with { Done = batch[^1].Key };
            await SetAsync(mark with { Begun = begun }, cancellation);
            worked += batch.Length;
            progress.Report(new PassStep(string.Create(CultureInfo.InvariantCulture, $"{worked:N0} of {waiting.Length:N0} customers"), ReadingPart + (1 - ReadingPart) * worked / waiting.Length, worked));
        }
        worked += await DueAsync(links, cancellation);
        progress.Report(new PassStep("key accounts", 1, worked));
        int? keyAccounts = await KeyAccountFinding.RefreshAsync(shop, time, cancellation);
        await SetAsync(new Mark(begun.UpTo, rules, null), cancellation);
        return new PassOutcome(worked, begun.Everybody, keyAccounts);
    }

    /// <summary>Whose day has come.</summary>
    private async Task<long> DueAsync(Links links, CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            string[] due = [.. (await shop.Store.LifeCycle.DueAsync(shop.Tenant, time.GetUtcNow(), Page, cancellation)).Select(state => state.CustomerId).Where(seen.Add)];
            if (due.Length == 0) return seen.Count;
            foreach (string[] batch in due.Chunk(Batch)) await shop.Kept.KeepAsync(batch, await links.NowAsync(cancellation), cancellation);
        }
    }

    private async Task<HashSet<string>> CustomersAsync(Begun begun, IdentityMap map, IProgress<PassStep> progress, CancellationToken cancellation)
    {
        var customers = new HashSet<string>(StringComparer.Ordinal);
        long of = await shop.Store.Events.CountSinceAsync(shop.Tenant, begun.From, cancellation), read = 0;
        await foreach (var stored in shop.Store.Events.ReadSinceAsync(shop.Tenant, begun.From, cancellation))
        {
            if (stored.Position > begun.UpTo) break;
            var owner = map.OwnerOf(stored.Event.Person, stored.Event.OccurredAt);
            if (owner.Kind == PersonKind.Customer) customers.Add(owner.Id);
            if (++read % ReportEvery == 0)
                progress.Report(new PassStep(string.Create(CultureInfo.InvariantCulture, $"reading events, {read:N0} of {of:N0}"), ReadingPart * Math.Min(1, read / (double)of), 0));
        }
        if (!begun.Everybody) return customers;
        // Some have a profile and did nothing yet, and some have a state to which nobody belongs any more.
        await foreach (var customer in shop.Profiles.AllAsync(cancellation)) customers.Add(customer.Id);
        string? after = null;
        while (await shop.Store.LifeCycle.ListAsync(shop.Tenant, after, Page, cancellation) is { Count: > 0 } page)
        {
            foreach (var state in page) customers.Add(state.CustomerId);
            after = page[^1].CustomerId;
        }
        return customers;
    }

    /// <summary>By a hash: how far a pass has come can be written down without anybody's name.</summary>
    private static (ulong Key, string CustomerId)[] InOrder(IEnumerable<string> customers, ulong? done)
    {
        // From the last key on, not after it: two customers may share one.
        var waiting = customers.Select(id => (Key: KeyOf(id), CustomerId: id)).Where(one => done is not { } last || one.Key >= last).ToArray();
        Array.Sort(waiting, (one, other) => one.Key != other.Key ? one.Key.CompareTo(other.Key) : string.CompareOrdinal(one.CustomerId, other.CustomerId));
        return waiting;
    }

    // FNV-1a.
    private static ulong KeyOf(string id)
    {
        ulong hash = 14695981039346656037;
        foreach (byte one in Encoding.UTF8.GetBytes(id)) hash = (hash ^ one) * 1099511628211;
        return hash;
    }

    private async Task<Mark> FindAsync(CancellationToken cancellation) =>
        await shop.Store.Checkpoints.FindAsync(shop.Tenant, Checkpoint, cancellation) is { } json ? JsonSerializer.Deserialize<Mark>(json)! : new Mark(0, "", null);

    private Task SetAsync(Mark mark, CancellationToken cancellation) =>
        shop.Store.Checkpoints.SetAsync(shop.Tenant, Checkpoint, JsonSerializer.Serialize(mark), cancellation);

    /// <param name="Position">Events up to it have been taken into account.</param>
    /// <param name="Rules">By which rules.</param>
    /// <param name="Begun">A pass that has not ended.</param>
    private sealed record Mark(long Position, string Rules, Begun? Begun);

    /// <param name="Done">The key of the last customer worked out.</param>
    private sealed record Begun(string Rules, bool Everybody, long From, long UpTo, ulong? Done);

    /// <summary>All links that hold, read anew once they have changed.</summary>
    private sealed class Links(Shop shop)
    {
        private static readonly Person _anybody = Person.Customer("anybody");
        private IdentityMap _map = IdentityMap.Empty;
        private long _revision = -1;

        public async ValueTask<IdentityMap> NowAsync(CancellationToken cancellation)
        {
            long revision = (await shop.Store.Links.OfAsync(shop.Tenant, _anybody, cancellation)).Revision;
            if (revision == _revision) return _map;
            (_map, _revision) = (await shop.Identities.AllAsync(cancellation), revision);
            return _map;
        }
    }
}

/// <summary>How far a pass has come.</summary>
/// <param name="Stage">What is being done, for people.</param>
/// <param name="Fraction">0 to 1 over the whole.</param>
internal readonly record struct PassStep(string Stage, double Fraction, long Customers);

/// <param name="Everybody">Whether everybody was looked at.</param>
/// <param name="KeyAccounts">How many there are; null where margins are in several currencies.</param>
internal sealed record PassOutcome(long Customers, bool Everybody, int? KeyAccounts);

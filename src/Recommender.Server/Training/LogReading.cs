using System.Globalization;
using Grpc.Core;
using Recommender.Catalogue;
using Recommender.Interactions;
using Recommender.Server.Errors;

namespace Recommender.Server.Training;

/// <summary>Makes training sets of everything recorded so far, leaving out who was erased.</summary>
internal sealed class LogReading(Shop shop, TimeProvider time)
{
    /// <summary>One set for each way to read events, of the same people and items in the same order.</summary>
    /// <exception cref="RefusedException">There are no events.</exception>
    public async Task<IReadOnlyList<TrainingSet>> ReadAsync(IReadOnlyList<ConfidenceOptions> semantics, IProgress<TrainingStep>? progress, double part,
        CancellationToken cancellation)
    {
        // In this order: whoever is marked as erased later has a later receipt, which then names this model.
        var readFrom = time.GetUtcNow();
        var gone = await shop.Erased.GoneNowAsync(cancellation);
        var size = await shop.Store.Events.SizeAsync(shop.Tenant, cancellation);
        if (size.Events == 0) throw new RefusedException(StatusCode.FailedPrecondition, "there are no events to learn from; record or import some first");
        // Decayed as of the newest event, not of the clock: last year's log teaches today what it taught then.
        var newest = await shop.Store.Events.NewestAsync(shop.Tenant, cancellation) ?? time.GetUtcNow();
        var asOf = newest < time.GetUtcNow() ? newest : time.GetUtcNow();
        TrainingSetBuilder[] builders = [.. semantics.Select(options => new TrainingSetBuilder(options, asOf, shop.Live.Current.Items))];
        foreach (var builder in builders) builder.Reserve(size.Events);
        var identities = await shop.Identities.AllAsync(cancellation);
        long position = 0;
        long read = 0;
        await foreach (var stored in shop.Store.Events.ReadSinceAsync(shop.Tenant, 0, cancellation))
        {
            position = stored.Position;
            var owner = identities.OwnerOf(stored.Event.Person, stored.Event.OccurredAt);
            if (!gone(owner) && !gone(stored.Event.Person))
            {
                foreach (var builder in builders) builder.Add(stored.Event, owner);
            }
            if (++read % 10_000 == 0)
                progress?.Report(
                    new TrainingStep(string.Create(CultureInfo.InvariantCulture, $"reading events, {read:N0} of {size.Events:N0}"),
                        part * Math.Min(1, read / (double)size.Events)));
        }
        var shelves = shop.Live.Current.View.Shelves;
        var catalogue = new Dictionary<string, Item>(shelves.Length, StringComparer.Ordinal);
        foreach (var (_, item) in shelves.All) catalogue.Add(item.Id, item);
        return [.. builders.Select(builder => builder.Build() with { EventsUpTo = position, ReadFrom = readFrom, Catalogue = catalogue })];
    }
}

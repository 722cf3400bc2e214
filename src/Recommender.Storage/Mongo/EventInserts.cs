using System.Collections.Concurrent;

namespace Recommender.Storage.Mongo;

/// <summary>Brings groups of events into the collection, large ones by several commands at once, and finds out about those that are there.</summary>
internal sealed class EventInserts(MongoDatabase database, ForgottenEvents forgotten)
{
    // A command has at most 16 MB. Two inserts of some thousand documents at once keep a server busy; more at once, or longer ones, only wait for one another.
    private const int MostTogether = 2_500;
    private const long MostBytes = 12_000_000;
    private const int LeastTogether = 1_000;
    private const int AtOnce = 2;
    private const int FoundTogether = 2_000;
    private const int MostRounds = 5;

    private readonly MongoCollection _events = database.Collection(MongoCollections.Events);

    /// <summary>Every event of the group has its outcome when this returns; if it throws, any of them may be in the log.</summary>
    public async Task InsertAsync(Tenant tenant, EventGroup group)
    {
        IReadOnlyList<int> left = group.Unique;
        bool mayBeForgotten = group.Reservation.Forgets;
        for (int round = 0; left.Count > 0; round++)
        {
            if (round == MostRounds) throw new StoreUnavailableException($"{left.Count} events were there and gone again, {MostRounds} times; send them once more.", null);
            if (mayBeForgotten) left = await SetForgottenAsync(tenant, group, left);
            left = await SetKnownAsync(tenant, group, await InsertNewAsync(tenant, group, left));
            // What was there and is not any more was forgotten in between, or erased with its person.
            mayBeForgotten = true;
        }
    }

    /// <summary>Takes a group back, as far as it was inserted.</summary>
    public Task RemoveAsync(Tenant tenant, EventGroup group) => _events.DeleteAsync(filter => filter.String("tenant", tenant.Id)
        .BeginDocument("position").Int64("$gte", group.Reservation.First).Int64("$lt", group.PositionOf(group.Events.Length)).End(), all: true, CancellationToken.None);

    /// <summary>Gives events that were just appended other positions.</summary>
    public async Task MoveAsync(Tenant tenant, EventGroup group, IReadOnlyList<int> late, long first)
    {
        foreach (int[] together in Enumerable.Range(0, late.Count).Chunk(FoundTogether))
        {
            await _events.UpdateManyAsync(updates =>
            {
                foreach (int i in together)
                {
                    updates.With(MongoCollection.Statement(
                        filter => filter.String("_id", BsonDomain.Key(tenant, group.Events[late[i]].EventId)),
                        update => update.BeginDocument("$set").Int64("position", first + i).End(), upsert: false, multi: false));
                }
            }, CancellationToken.None);
            foreach (int i in together) group.SetAppended(late[i], first + i);
        }
    }

    /// <summary>Those of the events that were there already.</summary>
    private async Task<IReadOnlyList<int>> InsertNewAsync(Tenant tenant, EventGroup group, IReadOnlyList<int> events)
    {
        var known = new ConcurrentBag<int>();
        await Parallel.ForEachAsync(Pieces(tenant, group, events), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (piece, _) =>
        {
            // Not the loop's token: another piece's failure must not leave this one under way.
            var there = await _events.InsertAsync(piece.Count,
                (document, i) => EventDocument.Write(document, tenant, group.PositionOf(events[piece.From + i]), group.Events[events[piece.From + i]]), CancellationToken.None);
            foreach (int i in there) known.Add(events[piece.From + i]);
            var met = there.ToHashSet();
            for (int i = 0; i < piece.Count; i++)
            {
                if (!met.Contains(i)) group.SetAppended(events[piece.From + i], group.PositionOf(events[piece.From + i]));
            }
        });
        return [.. known.Order()];
    }

    private static IEnumerable<(int From, int Count)> Pieces(Tenant tenant, EventGroup group, IReadOnlyList<int> events)
    {
        int pieces = Math.Max((events.Count + MostTogether - 1) / MostTogether, Math.Clamp(events.Count / LeastTogether, 1, AtOnce));
        int length = (events.Count + pieces - 1) / pieces;
        for (int from = 0, to; from < events.Count; from = to)
        {
            long bytes = 0;
            for (to = from; to < events.Count && to - from < length; to++)
            {
                bytes += EventDocument.MostBytesOf(tenant, group.Events[events[to]]);
                if (bytes > MostBytes && to > from) break;
            }
            yield return (from, to - from);
        }
    }

    /// <summary>Compares with what is there; those that are not there any more.</summary>
    private async Task<IReadOnlyList<int>> SetKnownAsync(Tenant tenant, EventGroup group, IReadOnlyList<int> known)
    {
        var gone = new List<int>();
        foreach (int[] together in known.Chunk(FoundTogether))
        {
            var found = await _events.FindAsync(
                filter => filter.BeginDocument("_id").Strings("$in", together.Select(i => BsonDomain.Key(tenant, group.Events[i].EventId))).End(),
                null, together.Length, EventDocument.Read, MongoTarget.Primary, CancellationToken.None);
            var byId = found.ToDictionary(stored => stored.Event.EventId, StringComparer.Ordinal);
            foreach (int i in together)
            {
                if (!byId.TryGetValue(group.Events[i].EventId, out var stored)) gone.Add(i);
                // Our own, of a command whose answer was lost.
                else if (stored.Position == group.PositionOf(i)) group.SetAppended(i, stored.Position);
                else group.SetKnown(i, stored);
            }
        }
        return gone;
    }

    private async Task<IReadOnlyList<int>> SetForgottenAsync(Tenant tenant, EventGroup group, IReadOnlyList<int> events)
    {
        var former = await forgotten.PositionsAsync(tenant, events.Select(i => group.Events[i].EventId), CancellationToken.None);
        if (former.Count == 0) return events;
        var left = new List<int>();
        foreach (int i in events)
        {
            if (former.TryGetValue(group.Events[i].EventId, out long position)) group.SetForgotten(i, position);
            else left.Add(i);
        }
        return left;
    }
}

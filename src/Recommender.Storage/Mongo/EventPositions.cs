using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// The document of a shop's log: the last position given out, and the slots in which events may still appear. Positions are given out before the events are
/// written, so a reader goes no further than the oldest open slot, and nothing ever appears behind it. A slot whose writer does not come back is taken out by
/// whoever waits for it, when its time is over by the server's clock, and its name is kept: a writer that finds its own among the lapsed ones gives its
/// events new positions. So a clock that is wrong costs work, and nothing is lost by it.
/// </summary>
internal sealed class EventPositions(MongoDatabase database, MongoOptions options)
{
    // Nothing of a slot is under way for longer than an operation may take; what is beyond that is the network's.
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(10);
    private const int LapsedRemembered = 64;

    private readonly ServerClock _clock = new(database);
    private readonly string _writer = Guid.NewGuid().ToString("N");
    private long _slots;

    /// <summary>Gives out positions under a new slot, and closes this writer's slots up to <paramref name="written"/>, in one step.</summary>
    public async Task<Reservation> ReserveAsync(Tenant tenant, int count, long written, CancellationToken cancellation)
    {
        long slot = 0, until = await _clock.NowAsync(cancellation) + (long)(options.LongestOperation + _grace).TotalMilliseconds;
        // Each attempt has a slot of its own: one whose answer was lost is closed with the next.
        var before = await ChangeAsync(tenant, written, count, slots => Slot(slots, slot = Interlocked.Increment(ref _slots), until), cancellation);
        return new Reservation(slot, before.Last + 1, before.Forgets, before.HasLapsed(_writer, written));
    }

    /// <summary>Closes this writer's slots up to one; whether that one had lapsed before.</summary>
    public async Task<bool> ReleaseAsync(Tenant tenant, long written, CancellationToken cancellation) =>
        (await ChangeAsync(tenant, written, 0, null, cancellation)).HasLapsed(_writer, written);

    /// <summary>Says that events are about to be forgotten; who was appending then may not have heard of it.</summary>
    public async Task<LogState> BeginForgettingAsync(Tenant tenant, CancellationToken cancellation)
    {
        return await ChangeAsync(tenant, command => command
            .BeginDocument("update").BeginDocument("$set").Boolean("forgets", true).End().End().Boolean("new", true), cancellation);
    }

    public async Task<LogState> ReadAsync(Tenant tenant, CancellationToken cancellation)
    {
        var states = await database.Collection(MongoCollections.Logs).AggregateAsync(stages => stages
            .BeginDocument().BeginDocument("$match").String("_id", BsonDomain.Key(tenant, "")).End().End()
            .BeginDocument().Document("$project", LogState.Fields).End(), LogState.Read, MongoTarget.Primary, cancellation);
        return states.Count == 0 ? LogState.Empty : states[0];
    }

    /// <summary>A position up to which the log is complete, everything acknowledged by now included. Waits for writers that are in the middle of it.</summary>
    public async Task<long> SettledAsync(Tenant tenant, CancellationToken cancellation)
    {
        var state = await ReadAsync(tenant, cancellation);
        await WaitUntilClosedAsync(tenant, state, cancellation);
        return state.Last;
    }

    /// <summary>Returns when every slot that was open in a state is closed or has lapsed.</summary>
    public async Task WaitUntilClosedAsync(Tenant tenant, LogState seen, CancellationToken cancellation)
    {
        for (var state = seen; state.Horizon < seen.Last; state = await ReadAsync(tenant, cancellation))
        {
            if (state.AnyOverdue) await LapseAsync(tenant, state, cancellation);
            else await Task.Delay(_betweenLooks, database.Time, cancellation);
        }
    }

    /// <summary>Takes out the slots whose time is over.</summary>
    public async Task LapseAsync(Tenant tenant, LogState seen, CancellationToken cancellation)
    {
        foreach (var slot in seen.Open.Where(slot => slot.Until <= seen.Now))
        {
            await database.Collection(MongoCollections.Logs).UpdateAsync(
                filter => filter.String("_id", BsonDomain.Key(tenant, "")).BeginDocument("open").Document("$elemMatch", Named).End(),
                update => update.BeginDocument("$pull").Document("open", Named).End()
                    .BeginDocument("$push").BeginDocument("lapsed").BeginArray("$each").Document("", Named).End().Int32("$slice", -LapsedRemembered).End().End(),
                upsert: false, cancellation);
            void Named(BsonWriter name) => name.String("writer", slot.Writer).Int64("number", slot.Number);
        }
    }

    /// <summary>The state before the change.</summary>
    private Task<LogState> ChangeAsync(Tenant tenant, long written, int count, Action<BsonWriter>? openSlot, CancellationToken cancellation) =>
        // An update by expressions, for the new slot begins where the last position was; none of them is the server's clock, which not every server has here.
        ChangeAsync(tenant, command => command
            .BeginArray("update").BeginDocument().Document("$set", set =>
            {
                set.BeginDocument("last").BeginArray("$add").With(Last).Int64("", count).End().End();
                set.BeginDocument("open").BeginArray("$concatArrays").With(all => OpenBut(all, written));
                if (openSlot is not null) set.BeginArray().With(openSlot).End();
                set.End().End();
            }).End().End().Boolean("new", false), cancellation);

    /// <summary>
    /// Changes the document, which is begun by an insert where there is none: not every server here lets only one of two upserts at once find nothing, and
    /// two writers would have the same positions.
    /// </summary>
    private async Task<LogState> ChangeAsync(Tenant tenant, Action<BsonWriter> change, CancellationToken cancellation)
    {
        string key = BsonDomain.Key(tenant, "");
        while (true)
        {
            using (var reply = await database.WriteAsync(
                command => command.String("findAndModify", MongoCollections.Logs).BeginDocument("query").String("_id", key).End().With(change), cancellation))
            {
                if (LogState.OfReply(reply) is { } state) return state;
            }
            await database.Collection(MongoCollections.Logs).TryInsertAsync(log => log.String("_id", key).String("tenant", tenant.Id).Int64("last", 0), cancellation);
        }
    }

    private void Slot(BsonWriter slots, long number, long until) => slots.BeginDocument().String("writer", _writer).Int64("number", number)
        .BeginDocument("from").BeginArray("$add").With(Last).Int64("", 1).End().End().Date("until", until).End();

    /// <summary>The slots that stay open: all but this writer's up to one.</summary>
    private void OpenBut(BsonWriter all, long written) => all
        .BeginDocument().BeginDocument("$filter").BeginDocument("input").BeginArray("$ifNull").String("", "$open").BeginArray().End().End().End()
        .BeginDocument("cond").BeginArray("$or")
        .BeginDocument().BeginArray("$ne").String("", "$$this.writer").String("", _writer).End().End()
        .BeginDocument().BeginArray("$gt").String("", "$$this.number").Int64("", written).End().End()
        .End().End().End().End();

    private static void Last(BsonWriter sum) => sum.BeginDocument().BeginArray("$ifNull").String("", "$last").Int64("", 0).End().End();
}

/// <param name="Slot">To be given back when the events are written.</param>
/// <param name="First">The first of the positions.</param>
/// <param name="Forgets">Events of this shop were forgotten: what is sent may be one of them.</param>
/// <param name="HadLapsed">The slot that was closed with this had lapsed before, and readers may have gone past its positions.</param>
internal readonly record struct Reservation(long Slot, long First, bool Forgets, bool HadLapsed);

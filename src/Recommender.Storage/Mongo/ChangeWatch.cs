using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// What one watcher knows of a shop. Events are told as soon as they are seen, also behind an open slot; when the slot is closed, what appeared in it
/// late is told too.
/// </summary>
internal sealed class ChangeWatch(MongoDatabase database, EventPositions positions, MongoSchema schema, Tenant tenant)
{
    // More than that at once is cheaper to read anew than to hear of.
    private const long MostEvents = 20_000;
    private const int MostEarly = 1_000_000;

    private readonly MongoCollection _logs = database.Collection(MongoCollections.Logs);
    private readonly EventPages _pages = new(database);

    // Everything up to _sure was told; of what is behind it, up to _seen, the positions in _early.
    private readonly HashSet<long> _early = [];
    private long _sure;
    private long _seen;
    private long _version;
    private bool _hasBegun;

    /// <summary>What is new; null if nothing is.</summary>
    public async Task<StoreChanges?> LookAsync(CancellationToken cancellation)
    {
        var look = await ReadAsync(cancellation);
        schema.Watch(look.SchemaVersion, look.Program);
        if (look.Log.AnyOverdue) await positions.LapseAsync(tenant, look.Log, cancellation);
        if (!_hasBegun || HasLostTrack(look))
        {
            (_sure, _seen, _version, _hasBegun) = (look.Log.Horizon, look.Log.Last, look.Version, true);
            _early.Clear();
            return new StoreChanges(LostTrack: true, [], []);
        }
        var (events, early) = (new List<StoredEvent>(), new List<long>());
        await AddLateAsync(events, Math.Min(look.Log.Horizon, _seen), cancellation);
        await AddNewAsync(events, early, look.Log, cancellation);
        // All at once, and only now: a look that fails in the middle has told nothing, and the next begins where it began.
        Advance(look, early);
        return events.Count == 0 && look.Recent.Count == 0 ? null : new StoreChanges(LostTrack: false, events, look.Recent);
    }

    private bool HasLostTrack(Look look) =>
        look.Log.Last - _seen > MostEvents || _early.Count > MostEarly || look.Version - _version > look.Recent.Count
        // Another history than the one that was followed: a backup was restored, or what a primary had not handed on was rolled back.
        || look.Log.Last < _seen || look.Version < _version;

    private void Advance(Look look, List<long> early)
    {
        if (look.Log.Horizon > _sure)
        {
            _sure = look.Log.Horizon;
            _early.RemoveWhere(position => position <= _sure);
        }
        _early.UnionWith(early);
        (_seen, _version) = (look.Log.Last, look.Version);
    }

    /// <summary>What has appeared up to a position since those behind it were told.</summary>
    private async Task AddLateAsync(List<StoredEvent> events, long sure, CancellationToken cancellation)
    {
        if (sure <= _sure) return;
        long from = _sure;
        List<StoredEvent> page;
        do
        {
            page = await _pages.ReadAsync(tenant, from, sure, cancellation);
            events.AddRange(page.Where(stored => !_early.Contains(stored.Position)));
            if (page.Count > 0) from = page[^1].Position;
        }
        while (page.Count == EventPages.Length);
    }

    private async Task AddNewAsync(List<StoredEvent> events, List<long> early, LogState log, CancellationToken cancellation)
    {
        if (log.Last <= _seen) return;
        long from = _seen;
        List<StoredEvent> page;
        do
        {
            page = await _pages.ReadAsync(tenant, from, log.Last, cancellation);
            events.AddRange(page);
            early.AddRange(page.Where(stored => stored.Position > log.Horizon).Select(stored => stored.Position));
            if (page.Count > 0) from = page[^1].Position;
        }
        while (page.Count == EventPages.Length);
    }

    private async Task<Look> ReadAsync(CancellationToken cancellation)
    {
        string key = BsonDomain.Key(tenant, "");
        long seen = _version;
        var parts = await _logs.AggregateAsync(stages => stages
            .BeginDocument().BeginDocument("$match").String("_id", key).End().End()
            .BeginDocument().Document("$project", LogState.Fields).End()
            .BeginDocument().BeginDocument("$unionWith").String("coll", MongoChanges.CollectionName).BeginArray("pipeline")
                .BeginDocument().BeginDocument("$match").String("_id", key).End().End()
                .BeginDocument().BeginDocument("$project").Int32("version", 1).BeginDocument("recent").BeginArray("$cond")
                    .BeginDocument().BeginArray("$gt").String("", "$version").Int64("", seen).End().End()
                    .BeginDocument().BeginArray("$slice").String("", "$recent").BeginDocument().BeginArray("$max").Int32("", -MongoChanges.Remembered)
                        .BeginDocument().BeginArray("$subtract").Int64("", seen).String("", "$version").End().End().End().End().End().End()
                    .BeginArray().End().End().End().End().End().End().End().End()
            .BeginDocument().BeginDocument("$unionWith").String("coll", MongoCollections.Schema).BeginArray("pipeline")
                .BeginDocument().BeginDocument("$match").String("_id", MongoSchema.Id).End().End()
                .BeginDocument().BeginDocument("$project").String("schema", "$version").Int32("program", 1).End().End().End().End().End(),
            Look.Read, MongoTarget.Primary, cancellation);
        return parts.Aggregate(Look.Nothing, (all, part) => all.With(part));
    }

    private sealed record Look(LogState Log, long Version, IReadOnlyList<StoreChange> Recent, int SchemaVersion, string Program)
    {
        public static Look Nothing { get; } = new(LogState.Empty, 0, [], 0, "");

        public Look With(Look part) => new(part.Log == LogState.Empty ? Log : part.Log, Math.Max(Version, part.Version),
            part.Recent.Count == 0 ? Recent : part.Recent, Math.Max(SchemaVersion, part.SchemaVersion), part.Program.Length == 0 ? Program : part.Program);

        /// <summary>One of the three documents, by its fields.</summary>
        public static Look Read(ReadOnlySpan<byte> document)
        {
            var look = Nothing;
            var fields = new BsonReader(document);
            while (fields.Read())
            {
                if (fields.Is("now"u8)) look = look with { Log = LogState.Read(document) };
                else if (fields.Is("version"u8)) look = look with { Version = fields.Int64() };
                else if (fields.Is("recent"u8)) look = look with { Recent = MongoChanges.Read(fields.Document()) };
                else if (fields.Is("schema"u8)) look = look with { SchemaVersion = fields.Int32() };
                else if (fields.Is("program"u8)) look = look with { Program = fields.String() };
            }
            return look;
        }
    }
}

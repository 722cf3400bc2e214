using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// The document <c>schema</c>: which version of the schema the database has, and who is bringing it up to date. Steps are never edited once released: a change is
/// a new one at the end. Each is carried out before the version says so, and so perhaps twice, or by two servers at once, which it must bear.
/// </summary>
internal sealed class MongoSchema(MongoDatabase database, IReadOnlyList<MongoSchema.Step> steps)
{
    internal delegate Task Step(MongoDatabase database, CancellationToken cancellation);

    public const string Id = "schema";

    /// <summary>Collections, indexes and validators are made whenever a step is; the first is nothing else.</summary>
    public static IReadOnlyList<Step> Steps { get; } = [(_, _) => Task.CompletedTask];

    // A server that dies while it migrates keeps the others waiting that long.
    private const int LeaseMilliseconds = 60_000;
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly ServerClock _clock = new(database);
    private readonly MongoCollection _schema = database.Collection(MongoCollections.Schema);

    /// <summary>Whether there is a shop.</summary>
    public static async Task<bool> ExistsAsync(MongoDatabase database, CancellationToken cancellation) =>
        await database.Collection(MongoCollections.Schema).FindByIdAsync(Id, MongoSchemaState.Read, cancellation) is not null;

    /// <summary>Brings the database up to date where it is not. One command where it is.</summary>
    /// <returns>The name that the database got at its making.</returns>
    /// <exception cref="StoreTooNewException">It has seen more steps than there are here.</exception>
    public async Task<string> OpenAsync(CancellationToken cancellation)
    {
        string lease = Guid.NewGuid().ToString("N");
        while (true)
        {
            var state = await _schema.FindByIdAsync(Id, MongoSchemaState.Read, cancellation);
            if (state?.Version > steps.Count) throw new StoreTooNewException(TooNew(state.Version, state.Program));
            if (state?.Version == steps.Count) return state.Deployment;
            if (state is null) await _schema.TryInsertAsync(schema => schema.String("_id", Id).Int32("version", 0).String("deployment", lease), cancellation);
            else if (await TryLeaseAsync(lease, cancellation) is { } leased) await MigrateAsync(leased, lease, cancellation);
            else await Task.Delay(_betweenLooks, database.Time, cancellation);
        }
    }

    /// <summary>Another server may bring the database to a newer version while this one is at work: from then on this one changes nothing.</summary>
    public void Watch(int version, string program)
    {
        if (version > steps.Count) database.CloseToWrites(TooNew(version, program));
    }

    private string TooNew(int version, string program) =>
        $"The database {database.Name} has schema version {version}, of recommender {program}, and this program knows versions up to {steps.Count}: a newer one has taken it over. "
        + "Run that version here, too; what this one has acknowledged is kept.";

    private async Task<MongoSchemaState?> TryLeaseAsync(string lease, CancellationToken cancellation)
    {
        long over = await _clock.NowAsync(cancellation) - LeaseMilliseconds;
        return await _schema.FindAndUpdateAsync(
            filter => filter.String("_id", Id).BeginArray("$or").Document("", free => free.BeginDocument("lease").Boolean("$exists", false).End())
                .Document("", left => left.BeginDocument("lease.since").Date("$lte", over).End()).End(),
            update => update.BeginDocument("$set").String("lease.by", lease).End().BeginDocument("$currentDate").Boolean("lease.since", true).End(),
            upsert: false, MongoSchemaState.Read, cancellation);
    }

    private async Task MigrateAsync(MongoSchemaState state, string lease, CancellationToken cancellation)
    {
        foreach (var collection in MongoCollections.All) await new MongoStructure(database, collection).EnsureAsync(cancellation);
        for (int step = state.Version; step < steps.Count; step++)
        {
            await steps[step](database, cancellation);
            int version = step + 1;
            await _schema.UpdateAsync(filter => filter.String("_id", Id).BeginDocument("version").Int32("$lt", version).End(),
                update => update.BeginDocument("$set").Int32("version", version).String("program", Program).End(), upsert: false, cancellation);
        }
        await _schema.UpdateAsync(filter => filter.String("_id", Id).String("lease.by", lease), update => update.BeginDocument("$unset").String("lease", "").End(), upsert: false, cancellation);
    }

    private static string Program => typeof(MongoSchema).Assembly.GetName().Version?.ToString(3) ?? "";
}

/// <param name="Deployment">Chosen when the database was made: files kept elsewhere for it are known by this name.</param>
internal sealed record MongoSchemaState(int Version, string Program, string Deployment)
{
    public static MongoSchemaState Read(ReadOnlySpan<byte> document)
    {
        var (version, program, deployment) = (0, "", "");
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("version"u8)) version = fields.Int32();
            else if (fields.Is("program"u8)) program = fields.String();
            else if (fields.Is("deployment"u8)) deployment = fields.String();
        }
        return new(version, program, deployment);
    }
}

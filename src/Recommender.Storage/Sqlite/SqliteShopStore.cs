namespace Recommender.Storage.Sqlite;

/// <summary>
/// The embedded store: one SQLite file, <c>shop.db</c>, in the shop's folder. Writes go through one thread and are on disk when acknowledged;
/// reads have connections of their own and wait for nobody.
/// </summary>
public sealed class SqliteShopStore : IShopStore
{
    private readonly FolderLock _lock;
    private readonly Writer _writer;
    private readonly Readers _readers;
    private int _closed;

    private readonly DeletedBytes _deletedBytes;
    private readonly SqliteErasures _erasures;

    private SqliteShopStore(FolderLock folderLock, Writer writer, Readers readers, DeletedBytes deletedBytes, ModelFolder models)
    {
        (_lock, _writer, _readers, _deletedBytes) = (folderLock, writer, readers, deletedBytes);
        Events = new SqliteEventLog(writer, readers, deletedBytes);
        Items = new SqliteItemStore(writer, readers);
        Customers = new SqliteCustomerStore(writer, readers);
        Scenarios = new SqliteScenarioStore(writer, readers);
        Models = new SqliteModelRegistry(writer, readers);
        Recommendations = new SqliteRecommendationLog(writer, readers);
        Checkpoints = new SqliteCheckpoints(writer, readers);
        Settings = new SqliteSettings(writer, readers);
        Links = new SqliteIdentityLinks(writer, readers);
        Questionnaires = new SqliteQuestionnaireStore(writer, readers);
        Sessions = new SqliteQuestionnaireSessions(writer, readers);
        Contacts = new SqliteContactLedger(writer, readers);
        LifeCycle = new SqliteLifeCycleStore(writer, readers);
        _erasures = new SqliteErasures(writer, readers, deletedBytes);
        People = new SqlitePersonRecords(_readers);
        Archive = new FolderArchive(models);
        Records = new SqliteShopRecords(writer, readers);
    }

    public IEventLog Events { get; }

    public IItemStore Items { get; }

    public ICustomerStore Customers { get; }

    public IScenarioStore Scenarios { get; }

    public IModelRegistry Models { get; }

    public IRecommendationLog Recommendations { get; }

    public ICheckpoints Checkpoints { get; }

    public ISettings Settings { get; }

    public IIdentityLinks Links { get; }

    public IQuestionnaireStore Questionnaires { get; }

    public IQuestionnaireSessions Sessions { get; }

    public IContactLedger Contacts { get; }

    public ILifeCycleStore LifeCycle { get; }

    public IErasures Erasures => _erasures;

    public IPersonRecords People { get; }

    public IModelArchive Archive { get; }

    public IChangeFeed Changes { get; } = new SilentChanges();

    public IShopRecords Records { get; }

    public bool IsShared => false;

    /// <summary>
    /// Opens the shop in a folder, making both where they are missing, bringing an older file's schema up to date and ending erasures that a crash
    /// interrupted.
    /// </summary>
    /// <exception cref="StoreInUseException">Another process, or this one, has the folder open.</exception>
    /// <exception cref="StoreCorruptException">The file is damaged or is not a shop's.</exception>
    /// <exception cref="StoreTooNewException">The file was written by a newer version.</exception>
    public static async Task<SqliteShopStore> OpenAsync(string folder, TimeProvider time, CancellationToken cancellation)
    {
        SqliteShopStore store = await Task.Run(() => Open(Path.GetFullPath(folder), time), cancellation);
        try
        {
            await store._erasures.ResumeAsync();
            return store;
        }
        catch (Exception)
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        try
        {
            await _writer.DisposeAsync();
            _readers.Dispose();
            await Task.Run(_deletedBytes.RewriteIfOwed);
        }
        finally
        {
            _lock.Dispose();
        }
    }

    /// <summary>A connection as the writer needs it: durable, with the schema up to date.</summary>
    internal static Connection OpenForWriting(string file, IReadOnlyList<string> migrations)
    {
        Connection connection = Connection.Open(file);
        try
        {
            UseWriteAheadLog(connection, file);
            connection.Execute("""
                PRAGMA synchronous = FULL;        -- one fsync of the write-ahead log a commit: acknowledged is on disk
                PRAGMA wal_autocheckpoint = 16000; -- pages, 64 MB: an index page changed often in between is copied into the table file once
                PRAGMA journal_size_limit = 67108864;
                PRAGMA secure_delete = ON;        -- what is deleted is overwritten with zeros, not left in free space
                PRAGMA cache_size = -65536;       -- KB: the upper levels of the indexes stay in memory
                """);
            Migrations.Apply(connection, file, migrations);
            return connection;
        }
        catch (Exception)
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteShopStore Open(string folder, TimeProvider time)
    {
        DurableDirectory.Make(folder);
        FolderLock folderLock = FolderLock.Take(folder, time);
        try
        {
            string file = Path.Combine(folder, "shop.db");
            var models = new ModelFolder(Path.Combine(folder, "models"));
            models.RemoveUnfinished();
            return new SqliteShopStore(folderLock, Writer.Start(OpenForWriting(file, Migrations.All)), new Readers(file), new DeletedBytes(file), models);
        }
        catch (Exception)
        {
            folderLock.Dispose();
            throw;
        }
    }

    private static void UseWriteAheadLog(Connection connection, string file)
    {
        using Statement mode = connection.Use("PRAGMA journal_mode = WAL");
        mode.Step();
        if (mode.Text(0) == "wal") return;
        throw new StoreException($"{file} is on a file system without shared memory (a network share?), which readers beside a writer need. "
            + "Give a data folder on a local disk.");
    }
}

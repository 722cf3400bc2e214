using Recommender.Storage.Sqlite;
using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Sqlite;

public sealed class SqliteShopStoreTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_folder_is_made_with_its_parents()
    {
        await using var engine = new SqliteEngine();
        string folder = Path.Combine(engine.Folder, "shops", "böcker");
        await using (await SqliteShopStore.OpenAsync(folder, TimeProvider.System, Stop)) { }
        Assert.True(File.Exists(Path.Combine(folder, "shop.db")));
    }

    [Fact]
    public async Task Closing_writes_what_is_queued_and_then_refuses_more()
    {
        await using var engine = new SqliteEngine();
        IShopStore store = await engine.OpenAsync(Stop);
        Task[] writes = [.. Enumerable.Range(0, 100).Select(i => store.Events.AppendAsync(Tenant.Default, [Events.View($"e-{i}")], Stop))];
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Task.WhenAll(writes);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Events.AppendAsync(Tenant.Default, [Events.View("late")], Stop));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Events.FindAsync(Tenant.Default, "e-0", Stop));
        await using IShopStore again = await engine.OpenAsync(Stop);
        Assert.Equal(100, (await again.Events.ReadAllAsync(Tenant.Default)).Count);
    }

    [Fact]
    public async Task A_closed_shop_is_one_file()
    {
        await using var engine = new SqliteEngine();
        await using (IShopStore store = await engine.OpenAsync(Stop)) await store.Events.AppendAsync(Tenant.Default, [Events.View("e")], Stop);
        Assert.Equal(["shop.db", "shop.lock"], Directory.GetFiles(engine.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_long_read_stops_when_cancelled()
    {
        await using var engine = new SqliteEngine();
        await using IShopStore store = await engine.OpenAsync(Stop);
        using var readers = new Readers(engine.File);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var begun = new TaskCompletionSource();
        Task<long> endless = readers.ScanAsync(connection =>
        {
            using Statement count = connection.Use("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n");
            begun.SetResult();
            return count.Step() ? count.Long(0) : 0;
        }, stop.Token);
        await begun.Task;
        stop.CancelAfter(20);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless);
    }
}

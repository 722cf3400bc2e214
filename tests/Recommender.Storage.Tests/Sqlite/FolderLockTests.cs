using System.Globalization;
using Recommender.Storage.Sqlite;

namespace Recommender.Storage.Tests.Sqlite;

public sealed class FolderLockTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 22, 4, 15, 0, TimeSpan.Zero);
    }

    [Fact]
    public async Task A_folder_is_opened_once_at_a_time_even_in_one_process()
    {
        await using var engine = new SqliteEngine();
        SqliteShopStore first = await SqliteShopStore.OpenAsync(engine.Folder, new StoppedClock(), Stop);
        // The same folder by another name.
        string other = Path.Combine(engine.Folder, "..", Path.GetFileName(engine.Folder));
        StoreInUseException refusal = await Assert.ThrowsAsync<StoreInUseException>(() => SqliteShopStore.OpenAsync(other, TimeProvider.System, Stop));
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"{engine.Folder} is used by process {Environment.ProcessId} ("), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("since 2026-11-22 04:15:00 UTC; stop it or give another --store folder", refusal.Message, StringComparison.Ordinal);

        // Still the first one's: a refused opening takes nothing away.
        await Assert.ThrowsAsync<StoreInUseException>(() => engine.OpenAsync(Stop));
        await first.DisposeAsync();
        await using IShopStore second = await engine.OpenAsync(Stop);
    }

    [Fact]
    public async Task A_failed_opening_leaves_the_folder_free()
    {
        await using var engine = new SqliteEngine();
        await File.WriteAllTextAsync(engine.File, "no database", Stop);
        await Assert.ThrowsAsync<StoreCorruptException>(() => engine.OpenAsync(Stop));
        File.Delete(engine.File);
        await using IShopStore store = await engine.OpenAsync(Stop);
    }

    [Fact]
    public async Task Files_left_by_a_killed_process_lock_nothing()
    {
        await using var engine = new SqliteEngine();
        await File.WriteAllTextAsync(Path.Combine(engine.Folder, "shop.lock"), "", Stop);
        await File.WriteAllTextAsync(Path.Combine(engine.Folder, "shop.holder.json"), "{\"Process\":1", Stop);
        await using IShopStore store = await engine.OpenAsync(Stop);
    }
}

using System.Diagnostics;
using Recommender.Interactions;
using Recommender.Storage.Sqlite;
using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Sqlite;

public sealed class FullDiskTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_may_not_grow_refuses_whole_batches_and_goes_on_once_it_may()
    {
        await using var engine = new SqliteEngine();
        Connection connection = SqliteShopStore.OpenForWriting(engine.File, Migrations.All);
        connection.SetPragma("max_page_count", connection.ReadPragma("page_count") + 20);
        await using Writer writer = Writer.Start(connection);
        using var readers = new Readers(engine.File);
        await FillAsync(new SqliteEventLog(writer, readers, new DeletedBytes(engine.File)), () => writer.WriteAsync(1, open =>
        {
            open.SetPragma("max_page_count", 1_000_000);
            return true;
        }, Stop));
    }

    [Fact]
    public async Task A_full_disk_refuses_whole_batches_and_the_store_goes_on_once_there_is_room()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root on Linux may mount a small disk");
        string disk = Directory.CreateTempSubdirectory("recommender-disk-").FullName;
        int mounted = await RunAsync("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk);
        Assert.SkipUnless(mounted == 0, "this machine does not let root mount a small disk");
        try
        {
            await using SqliteShopStore store = await SqliteShopStore.OpenAsync(Path.Combine(disk, "shop"), TimeProvider.System, Stop);
            await FillAsync(store.Events, async () => Assert.Equal(0, await RunAsync("mount", "-o", "remount,size=200m", disk)));
        }
        finally
        {
            Assert.Equal(0, await RunAsync("umount", disk));
            Directory.Delete(disk);
        }
    }

    private static async Task FillAsync(IEventLog log, Func<Task> makeRoom)
    {
        const int Length = 50;
        var acknowledged = new List<ShopEvent>();
        StoreFullException? refusal = null;
        for (int batch = 0; refusal is null; batch++)
        {
            Assert.True(batch < 2_000, "the disk never became full");
            ShopEvent[] events = Events.Views($"b{batch}", Length);
            try
            {
                await log.AppendAsync(Tenant.Default, events, Stop);
                acknowledged.AddRange(events);
            }
            catch (StoreFullException full)
            {
                refusal = full;
            }
        }
        Assert.Contains("shop.db", refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(acknowledged);
        Assert.Equal(acknowledged, (await log.ReadAllAsync(Tenant.Default)).Select(stored => stored.Event));

        // Full stays an error, and is not the end of the writer.
        await Assert.ThrowsAsync<StoreFullException>(() => log.AppendAsync(Tenant.Default, Events.Views("more", 20_000), Stop));
        await makeRoom();
        ShopEvent[] after = Events.Views("after", 1_000);
        await log.AppendAsync(Tenant.Default, after, Stop);
        Assert.Equal([.. acknowledged, .. after], (await log.ReadAllAsync(Tenant.Default)).Select(stored => stored.Event));
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        await process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return process.ExitCode;
    }
}

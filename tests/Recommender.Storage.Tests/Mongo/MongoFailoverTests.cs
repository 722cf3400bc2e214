using Recommender.Interactions;
using Recommender.Storage.Mongo;
using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>A replica set whose primary goes away while eight writers append events.</summary>
public sealed class MongoFailoverTests
{
    private const int Writers = 8;
    private static readonly MongoOptions _patience = new() { LongestOperation = TimeSpan.FromSeconds(10), LongestOpening = TimeSpan.FromSeconds(10) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task No_event_is_lost_or_doubled_when_the_primary_steps_down() => ChangePrimaryUnderLoadAsync(async (_, admin) =>
        (await admin.RunAsync(command => command.Int32("replSetStepDown", 1), MongoTarget.Primary, Stop)).Dispose());

    [Fact]
    public Task No_event_is_lost_or_doubled_when_the_primary_is_killed() => ChangePrimaryUnderLoadAsync((set, _) =>
    {
        set.First.Kill();
        return Task.CompletedTask;
    });

    private static async Task ChangePrimaryUnderLoadAsync(Func<GatewayReplicaSet, MongoDatabase, Task> change)
    {
        using var set = new GatewayReplicaSet();
        await set.StartAsync(Stop);
        // The store closes it.
        var transport = new MongoTransport(set.Uri, _patience);
        string name = $"test_{Guid.NewGuid():N}";
        await using var store = await MongoShopStore.OpenAsync(transport, name, _patience, TimeProvider.System, Stop);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        int made = 0;
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer))).ToArray();
        await UntilMadeAsync(20);
        await change(set, new MongoDatabase(transport, "admin", _patience, TimeProvider.System));
        // More than were under way: some began after it, and got through to the one that took over.
        await UntilMadeAsync(Volatile.Read(ref made) + 40);
        await enough.CancelAsync();
        int[] counts = await Task.WhenAll(writing);

        var kept = await store.Events.ReadAllAsync(Tenant.Default);
        Assert.Equal(counts.SelectMany((count, writer) => Enumerable.Range(0, count).SelectMany(i => Batch(writer, i))).Select(one => one.EventId).Order(StringComparer.Ordinal),
            kept.Select(stored => stored.Event.EventId).Order(StringComparer.Ordinal));
        Assert.Equal(kept.Count, kept.DistinctBy(stored => stored.Position).Count());
        var database = new MongoDatabase(transport, name, _patience, TimeProvider.System);
        (await database.RunAsync(command => command.Int32("dropDatabase", 1), MongoTarget.Primary, Stop)).Dispose();

        async Task<int> WriteAsync(int writer)
        {
            int count = 0;
            for (; !enough.IsCancellationRequested; count++)
            {
                // An append is a few operations; each ends within its time, whatever happens to the servers.
                var outcomes = await store.Events.AppendAsync(Tenant.Default, Batch(writer, count), Stop).WaitAsync(3 * _patience.LongestOperation, Stop);
                Assert.All(outcomes, outcome => Assert.True(outcome.Position > 0));
                Interlocked.Increment(ref made);
            }
            return count;
        }

        async Task UntilMadeAsync(int count)
        {
            while (Volatile.Read(ref made) < count && !writing.Any(one => one.IsFaulted)) await Task.Delay(20, Stop);
        }
    }

    private static ShopEvent[] Batch(int writer, int number) => Events.Views($"{writer}-{number:D6}", 3);
}

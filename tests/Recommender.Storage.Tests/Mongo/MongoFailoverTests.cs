using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>A replica set whose primary goes away while eight writers are at work.</summary>
public sealed class MongoFailoverTests
{
    private const int Writers = 8;
    private static readonly MongoOptions _patience = new() { LongestOperation = TimeSpan.FromSeconds(10) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task No_write_is_lost_or_doubled_when_the_primary_steps_down() => ChangePrimaryUnderLoadAsync(async (_, database) =>
        (await database.RunAsync(command => command.Int32("replSetStepDown", 1), MongoTarget.Primary, Stop)).Dispose());

    [Fact]
    public Task No_write_is_lost_or_doubled_when_the_primary_is_killed() => ChangePrimaryUnderLoadAsync(async (set, database) =>
        (await set.PrimaryAsync(database, Stop)).Kill());

    private static async Task ChangePrimaryUnderLoadAsync(Func<GatewayReplicaSet, MongoDatabase, Task> change)
    {
        using var set = await GatewayReplicaSet.StartAsync(Stop);
        await using var transport = new MongoTransport(set.Uri, _patience);
        var database = new MongoDatabase(transport, $"test_{Guid.NewGuid():N}", _patience, TimeProvider.System);
        var events = database.Collection("events");
        await database.ConnectAsync(Stop);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        int made = 0;
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer))).ToArray();
        await UntilMadeAsync(200);
        await change(set, new MongoDatabase(transport, "admin", _patience, TimeProvider.System));
        // All of them got through to the one that took over.
        await UntilMadeAsync(made + 400);
        await enough.CancelAsync();
        int[] counts = await Task.WhenAll(writing);

        string[] expected = [.. counts.SelectMany((count, writer) => Enumerable.Range(0, count).Select(i => $"{writer}-{i:D6}")).Order(StringComparer.Ordinal)];
        var kept = await events.FindAsync(_ => { }, sort => sort.Int32("_id", 1), int.MaxValue, document =>
        {
            var fields = new BsonReader(document);
            return fields.Find("_id"u8) ? fields.String() : "";
        }, MongoTarget.Primary, Stop);
        Assert.Equal(expected, kept);
        (await database.RunAsync(command => command.Int32("dropDatabase", 1), MongoTarget.Primary, Stop)).Dispose();

        async Task<int> WriteAsync(int writer)
        {
            int count = 0;
            for (; !enough.IsCancellationRequested; count++)
            {
                // No call may take longer than an operation, whatever happens to the servers.
                await events.InsertAsync([MongoFaultTests.Thing($"{writer}-{count:D6}")], Stop).WaitAsync(_patience.LongestOperation + TimeSpan.FromSeconds(1), Stop);
                Interlocked.Increment(ref made);
            }
            return count;
        }

        async Task UntilMadeAsync(int count)
        {
            while (Volatile.Read(ref made) < count && !writing.Any(one => one.IsFaulted)) await Task.Delay(20, Stop);
        }
    }
}

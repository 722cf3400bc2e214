using System.Globalization;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Sqlite;

public sealed class KilledProcessTests
{
    private static int KillAfter(int round) => 50 + (17 * round);

    [Fact]
    public async Task Kill_minus_9_in_the_middle_of_ingestion_loses_no_acknowledged_event_or_contact_and_tears_none()
    {
        await using var engine = new SqliteEngine();
        var acknowledged = new HashSet<long>();
        var reserved = new List<Contact>();
        // The same shop again and again: each process starts from what the killed one left.
        for (int round = 0; round < 6; round++)
        {
            using var process = new AppendingProcess(engine.Folder);
            int batches = 0;
            while (await process.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (!line.EndsWith('.') || line == AppendingProgram.Ready) continue;
                long[] numbers = [.. line.Split(' ').SkipLast(1).Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
                for (int i = 0; i < numbers[1]; i++) Assert.True(acknowledged.Add(numbers[0] + i));
                reserved.Add(AppendingProgram.Reserved(numbers[0]));
                // What it had written to the pipe before it died is still read: that was acknowledged, too.
                if (++batches == KillAfter(round)) process.Kill();
            }
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(batches >= KillAfter(round), "the process ended by itself");

            await using IShopStore store = await engine.OpenAsync(TestContext.Current.CancellationToken);
            var found = new HashSet<long>();
            foreach (StoredEvent stored in await store.Events.ReadAllAsync(Tenant.Default))
            {
                long number = AppendingProgram.Number(stored.Event);
                Assert.True(found.Add(number), $"{stored.Event.EventId} is there twice");
                Assert.Equal(AppendingProgram.Numbered(number), stored.Event);
                Assert.Equal(stored, await store.Events.FindAsync(Tenant.Default, stored.Event.EventId, TestContext.Current.CancellationToken));
            }
            Assert.Empty(acknowledged.Except(found));
            Assert.Empty(reserved.Except(await store.Contacts.ReadAsync(
                Tenant.Default, [Person.Customer("customer-0")], DateTimeOffset.MinValue, TestContext.Current.CancellationToken)));
            IReadOnlyList<StoredEvent> history = await store.Events.ReadPersonAsync(
                Tenant.Default, Person.Customer("customer-13"), TestContext.Current.CancellationToken);
            Assert.Equal(found.Count(number => number % 97 == 13), history.Count);
        }
    }

    [Fact]
    public async Task A_folder_held_by_another_process_is_refused_naming_it_and_is_free_once_that_is_killed()
    {
        await using var engine = new SqliteEngine();
        using var holder = new AppendingProcess(engine.Folder);
        Assert.Equal(AppendingProgram.Ready, await holder.ReadLineAsync(TestContext.Current.CancellationToken));

        StoreInUseException refusal = await Assert.ThrowsAsync<StoreInUseException>(() => engine.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Contains(engine.Folder, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"process {holder.Id} (Recommender.Storage.Tests {AppendingProgram.Verb}), since 2", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--store", refusal.Message, StringComparison.Ordinal);

        holder.Kill();
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        await using IShopStore store = await engine.OpenAsync(TestContext.Current.CancellationToken);
    }
}

using System.Globalization;
using Recommender.Interactions;
using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Mongo;

public sealed class MongoThreeProcessesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MongoEngine.Plain)]
    [InlineData(MongoEngine.ReplicaSet)]
    public async Task Three_processes_keep_one_budget_make_every_change_of_links_once_and_append_every_event_once(string server)
    {
        await using var engine = new MongoEngine(server);
        await using var store = await engine.OpenAsync(Stop);
        RacingProcess[] processes = [.. "abc".Select(name => new RacingProcess(engine.Uri, engine.Database, $"{name}"))];
        try
        {
            foreach (var process in processes) await process.WaitUntilReadyAsync(Stop);
            var granted = (await Task.WhenAll(processes.Select(process => process.RaceAsync(Stop)))).SelectMany(lines => lines).ToLookup(line => line.Split(' ')[0], line => line.Split(' ')[1]);

            // Who was told yes and what is stored are the same.
            for (int i = 0; i < RacingProgram.People; i++)
            {
                Assert.Equal(RacingProgram.Budget, granted["contact"].Count(person => person == $"{i}"));
                Assert.Equal(RacingProgram.Budget, (await store.Contacts.ReadAsync(Tenant.Default, [Person.Customer($"c{i}"), Person.Visitor($"v{i}")], DateTimeOffset.MinValue, Stop)).Count);
            }
            Assert.Equal(Enumerable.Range(0, RacingProgram.Links), granted["link"].Select(revision => int.Parse(revision, CultureInfo.InvariantCulture)).Order());
            var links = await store.Links.OfAsync(Tenant.Default, Person.Customer("ann"), Stop);
            Assert.Equal(RacingProgram.Links, links.Revision);
            Assert.Equal(Enumerable.Range(0, RacingProgram.Links).Select(revision => $"device {revision}"), links.To.Select(link => link.From.Id));
            Assert.Equal(RacingProgram.Events, granted["events"].Sum(count => int.Parse(count, CultureInfo.InvariantCulture)));
            Assert.Equal(RacingProgram.Events, (await store.Events.ReadAllAsync(Tenant.Default)).Select(stored => stored.Event.EventId).Distinct().Count());
            Assert.Equal(RacingProgram.Events, (await store.Events.SizeAsync(Tenant.Default, Stop)).Events);
        }
        finally
        {
            foreach (var process in processes) process.Dispose();
        }
    }
}

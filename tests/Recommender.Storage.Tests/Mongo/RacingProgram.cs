using System.Globalization;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Storage.Mongo;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>
/// What each of several processes does over one database: opens it, says so, waits for the word, then reserves contacts, makes links and sends events
/// that the others reserve, make and send too. It prints what it was granted, one line each, and at last "done".
/// </summary>
internal static class RacingProgram
{
    public const string Verb = "race-over-mongodb";
    public const string Ready = "ready";
    public const string Done = "done";
    public const int People = 10;
    public const int Budget = 2;
    public const int Links = 40;
    public const int Events = 2_000;

    public static async Task<int> RunAsync(string uri, string database, string name)
    {
        var options = new MongoOptions();
        await using var store = await MongoShopStore.OpenAsync(new MongoTransport(uri, options), database, options, TimeProvider.System, CancellationToken.None);
        await using var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true, NewLine = "\n" });
        await output.WriteLineAsync(Ready);
        await Console.In.ReadLineAsync();
        await Task.WhenAll(ReserveAsync(store, name, output), LinkAsync(store, name, output), SendAsync(store, output));
        await output.WriteLineAsync(Done);
        return 0;
    }

    private static Task ReserveAsync(MongoShopStore store, string name, TextWriter output) => Task.WhenAll(Enumerable.Range(0, People * 6).Select(async i =>
    {
        // A device and its owner have one budget.
        Person customer = Person.Customer($"c{i % People}"), device = Person.Visitor($"v{i % People}");
        Contact contact = new($"{name}-{i}", i % 2 == 0 ? customer : device, "mail", "marketing", Contracts.Events.Noon, ContactState.Reserved)
        {
            ExpiresAt = Contracts.Events.Noon.AddDays(1),
        };
        var outcome = await store.Contacts.TryReserveAsync(Tenant.Default, contact, [customer, device],
            [new("2 mails", ["mail"], Contracts.Events.Noon.AddDays(-7), Budget)], CancellationToken.None);
        if (outcome.Granted is not null) await output.WriteLineAsync($"contact {i % People}");
    }));

    private static async Task LinkAsync(MongoShopStore store, string name, TextWriter output)
    {
        // Each tries to make every one of the shop's changes, in their order.
        for (long revision = 0; revision < Links; revision++)
        {
            IdentityLink link = new($"{name}-{revision}", Person.Visitor($"device {revision}"), "ann", Contracts.Events.Noon, "sign-in");
            if (await store.Links.TryLinkAsync(Tenant.Default, link, revision, CancellationToken.None)) await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"link {revision}"));
        }
    }

    private static async Task SendAsync(MongoShopStore store, TextWriter output)
    {
        foreach (var batch in Contracts.Events.Views("event", Events).Chunk(100))
        {
            int appended = (await store.Events.AppendAsync(Tenant.Default, batch, CancellationToken.None)).Count(outcome => outcome.Status == AppendStatus.Appended);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"events {appended}"));
        }
    }
}

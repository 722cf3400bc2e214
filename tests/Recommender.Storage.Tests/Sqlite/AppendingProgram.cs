using System.Globalization;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Storage.Sqlite;
using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Sqlite;

/// <summary>
/// What the process does that a test kills: it appends to a shop, and reserves contacts, for as long as it lives. It prints a line when it is ready
/// and one for each batch and its contact after their acknowledgement, "FIRST COUNT .": the dot shows that the line is whole.
/// </summary>
internal static class AppendingProgram
{
    public const string Verb = "append-until-killed";
    public const string Ready = "ready .";
    private const int Writers = 8;

    public static async Task<int> RunAsync(string folder)
    {
        await using SqliteShopStore store = await SqliteShopStore.OpenAsync(folder, TimeProvider.System, CancellationToken.None);
        await using TextWriter output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true, NewLine = "\n" });
        await output.WriteLineAsync(Ready);
        // Above all numbers that are there: those in flight when the process before was killed may be there or not.
        long next = (await store.Events.ReadAllAsync(Tenant.Default)).Select(stored => Number(stored.Event)).DefaultIfEmpty().Max() + 1;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            while (true)
            {
                // Long enough to be caught in the middle of one.
                int count = random.Next(1, 200);
                long first = Interlocked.Add(ref next, count) - count;
                await store.Events.AppendAsync(Tenant.Default, [.. Enumerable.Range(0, count).Select(i => Numbered(first + i))], CancellationToken.None);
                Contact contact = Reserved(first);
                await store.Contacts.TryReserveAsync(Tenant.Default, contact, [contact.Person], [], CancellationToken.None);
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{first} {count} ."));
            }
        })));
        return 0;
    }

    public static long Number(ShopEvent shopEvent) => long.Parse(shopEvent.EventId.AsSpan("event-".Length), CultureInfo.InvariantCulture);

    /// <summary>The contact that goes with the batch beginning at a number.</summary>
    public static Contact Reserved(long number) =>
        new($"contact-{number}", Person.Customer("customer-0"), "mail", "marketing", Events.Noon.AddTicks(number), ContactState.Reserved)
        {
            ExpiresAt = Events.Noon.AddYears(1),
            ItemIds = [$"item-{number}"],
        };

    /// <summary>Every field says which event it belongs to, so that a torn one shows.</summary>
    public static ShopEvent Numbered(long number) => Events.Purchase($"event-{number}") with
    {
        Person = Person.Customer($"customer-{number % 97}"),
        ItemId = $"item-{number}",
        Price = number / 100m,
        OrderId = new string((char)('a' + (number % 26)), (int)(number % 500)),
        OccurredAt = Events.Noon.AddTicks(number),
    };
}

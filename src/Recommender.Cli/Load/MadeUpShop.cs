using System.Globalization;
using Recommender.Catalogue;
using Recommender.Cli.Importing;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Cli.Load;

/// <summary>A shop of any size to be measured, quickly made: items of some kinds, few of them bought by many, and customers who like three kinds.</summary>
internal sealed record MadeUpShop
{
    private const int Kinds = 100, KindsLiked = 3;

    // The part of purchases outside the kinds somebody likes.
    private const double Strays = 0.15;

    // So skewed that a tenth of the items of a kind have four tenths of its purchases.
    private const double Skew = 2.5;

    public int Items { get; init; } = 25_000;

    public int Customers { get; init; } = 5_000;

    /// <summary>Purchases a customer.</summary>
    public int Events { get; init; } = 20;

    public int Seed { get; init; } = 1;

    /// <summary>The last purchase is before it.</summary>
    public required DateTimeOffset Today { get; init; }

    public IEnumerable<Item> Catalogue() => Enumerable.Range(0, Items).Select(number => new Item(ItemId(number))
    {
        Attributes = new Attributes().Text("title", $"Thing {number} of kind {number % Kinds}").Text("kind", $"kind-{number % Kinds}")
            .Number("price", 1 + number * 7 % 100).Build(),
    });

    public IEnumerable<Customer> Described() => Enumerable.Range(0, Customers).Select(number => new Customer(CustomerId(number)));

    public IEnumerable<ShopEvent> Purchases()
    {
        var random = new Random(Seed);
        for (int customer = 0; customer < Customers; customer++)
        {
            int[] liked = [.. Enumerable.Range(0, KindsLiked).Select(_ => random.Next(Kinds))];
            var bought = new HashSet<int>();
            for (int n = 0; n < Events; n++)
            {
                int kind = random.NextDouble() < Strays ? random.Next(Kinds) : liked[n % KindsLiked];
                int item = Math.Min(Items - 1, (int)(Items / Kinds * Math.Pow(random.NextDouble(), Skew)) * Kinds + kind);
                if (!bought.Add(item)) continue;
                yield return new ShopEvent
                {
                    EventId = string.Create(CultureInfo.InvariantCulture, $"made-up-{customer}-{n}"),
                    Type = EventTypes.Purchase,
                    Person = Person.Customer(CustomerId(customer)),
                    ItemId = ItemId(item),
                    OccurredAt = Today.AddDays(-365 * random.NextDouble()),
                };
            }
        }
    }

    public static string ItemId(int number) => string.Create(CultureInfo.InvariantCulture, $"thing-{number:000000}");

    public static string CustomerId(int number) => string.Create(CultureInfo.InvariantCulture, $"customer-{number:000000}");
}

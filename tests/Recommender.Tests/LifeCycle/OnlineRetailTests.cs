using Recommender.Cli.Importing;
using Recommender.Interactions;
using Recommender.LifeCycle;
using Recommender.Tests.Importing;

namespace Recommender.Tests.LifeCycle;

/// <summary>A real shop's purchases, fitted on the first months and held against the rest.</summary>
public sealed class OnlineRetailTests
{
    private static readonly DateOnly _end = new(2011, 12, 9);

    /// <summary>
    /// The bounds are wide where the shop's Christmas lies: a model of constant rates cannot know it. Before November it is within a tenth.
    /// </summary>
    [Theory]
    [InlineData("2011-08-01", "2011-10-31", 0.1)]
    [InlineData("2011-06-01", "2011-10-31", 0.1)]
    [InlineData("2011-08-01", "2011-12-09", 0.2)]
    public void Expected_purchases_are_near_those_that_came(string until, string end, double bound)
    {
        DateOnly fitted = DateOnly.Parse(until), last = DateOnly.Parse(end);
        IReadOnlyList<CustomerPurchases> customers = Customers();
        BgNbdFit fit = BgNbdFit.Of([.. customers.Select(customer => customer.RhythmUntil(fitted))], fitted, TimeUnit.Week, CancellationToken.None);
        PurchaseTracking tracking = PurchaseTracking.Of(fit.Model, customers, fitted, last, CancellationToken.None);
        Assert.InRange(tracking.Expected / tracking.Actual, 1 - bound, 1 + bound);
        // Those who bought more before are expected to buy more, and do.
        Assert.Equal(tracking.Bins.Select(bin => bin.Expected).Order(), tracking.Bins.Select(bin => bin.Expected));
        Assert.Equal(tracking.Bins.Sum(bin => bin.Customers), fit.Customers);
        Assert.Equal(tracking.Actual, tracking.Periods.Where(period => period.AfterFit).Sum(period => period.Actual));
        Assert.Equal(last, tracking.Periods[^1].Until);
    }

    [Fact]
    public void Spending_is_expected_nearer_to_what_was_spent_than_everybodys_mean()
    {
        DateOnly fitted = new(2011, 8, 1);
        IReadOnlyList<CustomerPurchases> customers = Customers();
        GammaGamma value = GammaGammaFit.Of([.. customers.Select(customer => customer.RhythmUntil(fitted))], CancellationToken.None).Model;
        var later = customers.Where(customer => customer.Days[0].On <= fitted && customer.Days[^1].On > fitted).ToList();
        double ofCustomer = later.Average(customer => Math.Abs(value.ExpectedValue(customer.RhythmUntil(fitted)) - Later(customer)));
        double ofEverybody = later.Average(customer => Math.Abs(value.PopulationMean - Later(customer)));
        Assert.True(ofCustomer < 0.8 * ofEverybody, $"off by {ofCustomer:0.00} and {ofEverybody:0.00}");

        double Later(CustomerPurchases customer) => customer.Days.Where(day => day.On > fitted).Average(day => day.Amount);
    }

    private static IReadOnlyList<CustomerPurchases> Customers()
    {
        ImportSource source = ImportSource.Named("online-retail");
        var book = new PurchaseBook();
        foreach (ImportRecord record in source.Read(new SourceFiles(PublicData.Folder("online-retail"), source.Files), new ImportOptions(new DateTimeOffset(_end.AddYears(1), default, default))))
        {
            if (record is EventRecord { Event: { Type: EventTypes.Purchase, Person.Kind: PersonKind.Customer } bought })
                book.Add(bought.Person.Id, ShopCalendar.Utc.DayOf(bought.OccurredAt), (double)bought.Price! * bought.Quantity);
        }
        return book.Customers;
    }
}

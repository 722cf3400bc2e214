using System.Text.Json;
using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Relationship;
using Recommender.Storage;

namespace Recommender.Server.Relationships;

/// <summary>What lists say of a customer, kept with the state so that no list has to read events.</summary>
internal sealed record CustomerSummary
{
    /// <summary>Days that <see cref="ExpectedPurchases"/> looks ahead.</summary>
    public const int DaysAhead = 90;

    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault,
    };

    /// <summary>The day all of it is as of.</summary>
    public DateOnly AsOf { get; init; }

    public int Purchases { get; init; }

    public DateOnly? LastPurchase { get; init; }

    public double? AliveProbability { get; init; }

    public double? ExpectedPurchases { get; init; }

    public double? ExpectedValue { get; init; }

    public double? Satisfaction { get; init; }

    public double? Intensity { get; init; }

    /// <summary>What each day's purchases earned that were kept, so that key accounts can be told on any later day.</summary>
    public IReadOnlyList<DatedMargin> Margins { get; init; } = [];

    public static CustomerSummary Parse(string json) => JsonSerializer.Deserialize<CustomerSummary>(json, _json)!;

    /// <summary>What is kept of a customer; no state where nothing is known of them.</summary>
    public static CustomerHistory HistoryOf(string customerId, Standing? standing, RelationshipRules rules, Shelves shelves)
    {
        if (standing is not { State: { Known: true } state }) return new CustomerHistory(customerId, null, []);
        var (rhythm, today) = (state.Rhythm, standing.Today);
        bool bought = rhythm.Purchases > 0;
        var summary = new CustomerSummary
        {
            AsOf = today,
            Purchases = rhythm.Purchases,
            LastPurchase = bought ? rhythm.Last : null,
            AliveProbability = standing.AliveProbability,
            ExpectedPurchases = bought ? rules.Model.Rhythm.ExpectedPurchases(rhythm, today, DaysAhead) : null,
            ExpectedValue = bought ? rules.Model.ExpectedSpend(rhythm, today, DaysAhead) : null,
            Satisfaction = standing.Satisfaction.Score,
            Intensity = standing.Intensity.Score,
            Margins = MarginsOf(standing, rules, shelves),
        };
        double worth = summary.ExpectedValue ?? (summary.ExpectedPurchases ?? 0) * rhythm.MeanSpend;
        return new CustomerHistory(customerId,
            new CustomerState(customerId, StageNames.Of(state.Stage), rules.StartOf(state.Since), standing.Reason,
                standing.ChangesOn is { } day ? rules.StartOf(day) : null, double.IsFinite(worth) ? worth : 0, JsonSerializer.Serialize(summary, _json)),
            [.. standing.Transitions.Select(change => new CustomerTransition(StageNames.Of(change.From), StageNames.Of(change.To), rules.StartOf(change.On), change.Reason))]);
    }

    private static DatedMargin[] MarginsOf(Standing standing, RelationshipRules rules, Shelves shelves) =>
    [
        .. from order in Order.Of(standing.Events)
           let day = rules.Calendar.DayOf(order.At)
           where standing.Today.DayNumber - day.DayNumber <= RelationshipOptions.LongestMargin
           from line in order.Lines
           where line is { Price: not null, Currency: not null }
           group line.Price!.Value * (decimal)(line.Quantity - line.Returned) * rules.MarginPartOf(shelves.Find(line.ItemId)) by (day, line.Currency) into lines
           where lines.Sum() != 0
           orderby lines.Key.day, lines.Key.Currency
           select new DatedMargin(lines.Key.day, lines.Key.Currency!, lines.Sum()),
    ];
}

/// <summary>The margin of one day in one currency.</summary>
internal readonly record struct DatedMargin(DateOnly On, string Currency, decimal Amount);

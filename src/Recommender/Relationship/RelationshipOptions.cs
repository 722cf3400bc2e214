using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using Recommender.LifeCycle;
using Recommender.Models;

namespace Recommender.Relationship;

/// <summary>Everything a shop decides about how it looks after its customers. Kept as JSON; <c>{}</c> is the default.</summary>
public sealed record RelationshipOptions
{
    private const string What = "relationship options";

    /// <summary>When a relationship counts as settled and when as broken.</summary>
    public LifeCycleOptions LifeCycle { get; init; } = new();

    /// <summary>What makes a customer count as satisfied and a relationship as close.</summary>
    public IndicatorOptions Indicators { get; init; } = new();

    /// <summary>When something counts as consumed regularly.</summary>
    public OccasionOptions Occasions { get; init; } = new();

    /// <summary>When a key account is handed over to a person.</summary>
    public HandOverOptions HandOver { get; init; } = new();

    /// <summary>Part of the margin that the key accounts make together. Higher makes more customers key accounts.</summary>
    [Range(0.01, 1.0)]
    public double KeyAccountShare { get; init; } = 0.5;

    /// <summary>Days back from today whose margin counts for key accounts. Longer is slower to notice who comes and goes.</summary>
    [Range(1, LongestMargin)]
    public int KeyAccountDays { get; init; } = 365;

    /// <summary>The currency in which margins are added up; empty: the one there is, and no key accounts where there are several.</summary>
    public string Currency { get; init; } = "";

    /// <summary>The item attribute (a number from 0 to 1) with the part of the price that is margin; empty, or an item without it: the whole price.</summary>
    public string MarginAttribute { get; init; } = "";

    /// <summary>The item attribute in which buying grows: a purchase in a value not bought before keeps a customer in expansion.</summary>
    public string CategoryAttribute { get; init; } = "category";

    /// <summary>Days before an occasion from which on it is told with the customer. More plans further ahead.</summary>
    [Range(0, Relationship.Occasions.LongestLead)]
    public int LeadDays { get; init; } = 7;

    /// <summary>Whose midnight ends a day, as an IANA name such as "Europe/Vienna".</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The most days back that margins are kept for.</summary>
    public const int LongestMargin = 730;

    public ShopCalendar Calendar() => new(TimeZoneInfo.FindSystemTimeZoneById(TimeZone));

    public string ToJson() => JsonSerializer.Serialize(this, StrictJson.Options);

    /// <summary>Reads JSON (comments and trailing commas allowed).</summary>
    /// <exception cref="InvalidRecipeException">Not JSON, an unknown key or zone, a value of the wrong type or out of its range.</exception>
    public static RelationshipOptions Parse(string json)
    {
        RelationshipOptions options = StrictJson.Read<RelationshipOptions>(Encoding.UTF8.GetBytes(json), What)
            ?? throw new InvalidRecipeException($"The {What} are null; empty ones are {{}}.");
        try
        {
            foreach (object part in (object[])[options, options.LifeCycle, options.Indicators, options.Occasions, options.HandOver])
                Validator.ValidateObject(part, new ValidationContext(part), validateAllProperties: true);
        }
        catch (ValidationException e)
        {
            throw new InvalidRecipeException($"{e.Message} It is {e.Value ?? "not set"}.", e);
        }
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out _))
            throw new InvalidRecipeException($"The time_zone \"{options.TimeZone}\" is not known here; name it as \"Europe/Vienna\".");
        return options;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Recommender.Factorization;
using Recommender.Models;

namespace Recommender.Tuning;

/// <summary>
/// One number of a recipe that tuning tries, found by its <see cref="SearchedAttribute"/>: a new kind of part is searched as soon as it
/// marks what is worth trying. Values are seen as positions, 0 at the low end of the range and 1 at the high end.
/// </summary>
/// <param name="Part">-1 for the factorization, otherwise the number of the item-item part.</param>
/// <param name="Key">As the recipe's JSON calls it.</param>
/// <param name="Range">Where to look.</param>
/// <param name="IsWhole">Whether only whole numbers are allowed.</param>
internal sealed record Setting(int Part, string Key, SearchedAttribute Range, bool IsWhole)
{
    public const int Factorization = -1;

    /// <summary>Whose setting it is, for people: "factorization", "similarities[0]".</summary>
    public string Of => Part == Factorization ? "factorization" : $"similarities[{Part}]";

    /// <summary>All that can be searched in one part of a recipe, in the order in which its options declare them.</summary>
    public static ImmutableArray<Setting> All(Recipe recipe, int part)
    {
        Type options = part == Factorization ? typeof(FactorizationOptions) : recipe.Similarities[part].GetType();
        return [.. StrictJson.Options.GetTypeInfo(options).Properties
            .Select(property => (property, range: RangeOf(property)))
            .Where(found => found.range is not null)
            .Select(found => new Setting(part, found.property.Name, found.range!, found.property.PropertyType == typeof(int)))];
    }

    /// <summary>Where a recipe's value lies. Below 0 or above 1 if it is outside of the range.</summary>
    public double PositionIn(Recipe recipe)
    {
        double value = PartOf(Json(recipe))[Key]!.GetValue<JsonElement>().GetDouble();
        return Range.Logarithmic
            ? Math.Log(Math.Max(value, double.Epsilon) / Range.Low) / Math.Log(Range.High / Range.Low)
            : (value - Range.Low) / (Range.High - Range.Low);
    }

    /// <summary>The recipe with another value: three significant digits, which is more than any validation can tell apart.</summary>
    /// <exception cref="InvalidRecipeException">The range promises more than the options allow.</exception>
    public Recipe At(double position, Recipe recipe)
    {
        double value = Range.Logarithmic ? Range.Low * Math.Pow(Range.High / Range.Low, position) : Range.Low + (Range.High - Range.Low) * position;
        JsonObject whole = Json(recipe);
        PartOf(whole)[Key] = IsWhole ? JsonValue.Create((int)Math.Round(value)) : JsonValue.Create(Rounded(value));
        return whole.Deserialize<Recipe>(StrictJson.Options)!.Validated();
    }

    /// <summary>Key and value, for people.</summary>
    public string In(Recipe recipe) => $"{Key} {PartOf(Json(recipe))[Key]!.ToJsonString()}";

    internal static double Rounded(double value) => double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static SearchedAttribute? RangeOf(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(SearchedAttribute), inherit: true).OfType<SearchedAttribute>().FirstOrDefault();

    private static JsonObject Json(Recipe recipe) => JsonNode.Parse(recipe.ToJson())!.AsObject();

    private JsonNode PartOf(JsonObject recipe) => Part == Factorization ? recipe["factorization"]! : recipe["similarities"]![Part]!;
}

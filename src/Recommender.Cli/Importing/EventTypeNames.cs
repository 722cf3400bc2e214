using System.Collections.Frozen;
using Recommender.Interactions;

namespace Recommender.Cli.Importing;

/// <summary>What other systems call the event types.</summary>
internal static class EventTypeNames
{
    private static readonly FrozenDictionary<string, string> _synonyms = new Dictionary<string, string>
    {
        ["read"] = EventTypes.View,
        ["click"] = EventTypes.View,
        ["detail_view"] = EventTypes.View,
        ["detail_page_view"] = EventTypes.View,
        ["page_view"] = EventTypes.View,
        ["star"] = EventTypes.Like,
        ["favorite"] = EventTypes.Like,
        ["favourite"] = EventTypes.Like,
        ["bookmark"] = EventTypes.Like,
        ["upvote"] = EventTypes.Like,
        ["downvote"] = EventTypes.Dislike,
        ["buy"] = EventTypes.Purchase,
        ["order"] = EventTypes.Purchase,
        ["sale"] = EventTypes.Purchase,
        ["transaction"] = EventTypes.Purchase,
        ["purchase_complete"] = EventTypes.Purchase,
        ["cart"] = EventTypes.CartAdd,
        ["cart_addition"] = EventTypes.CartAdd,
        ["add_to_cart"] = EventTypes.CartAdd,
        ["addtocart"] = EventTypes.CartAdd,
        ["remove_from_cart"] = EventTypes.CartRemove,
        ["removefromcart"] = EventTypes.CartRemove,
        ["refund"] = EventTypes.Return,
        ["rate"] = EventTypes.Rating,
    }.ToFrozenDictionary();

    /// <summary>Our name of a type: as the options map it, as it is, or as a synonym; null and what to do where there is none.</summary>
    public static string? Find(string name, ImportOptions options, out string problem)
    {
        problem = "";
        if (options.Types.TryGetValue(name, out string? mapped)) return mapped;
        if (options.Confidence.Knows(name)) return name;
        string plain = name.ToLowerInvariant().Replace('-', '_').Replace(' ', '_');
        if (options.Confidence.Knows(plain)) return plain;
        if (_synonyms.TryGetValue(plain, out string? synonym)) return synonym;
        problem = $"is not an event type{NearestName.Hint(plain, options.Confidence.KnownTypes.Concat(_synonyms.Keys))}; "
            + $"map it to one of {string.Join(", ", options.Confidence.KnownTypes)}";
        return null;
    }
}

using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Recommender.Interactions;

/// <summary>
/// How much each event teaches. The confidence of an item for a person is the sum of what its events contribute, each
/// <c>weight x min(quantity^QuantityExponent, QuantityLimit) x 2^(-age / half-life)</c>, at most <see cref="ConfidenceLimit"/>.
/// </summary>
public sealed record ConfidenceOptions
{
    /// <summary>What one event of a type contributes. Types the shop adds here become known; those it leaves out keep their default.</summary>
    public ImmutableSortedDictionary<string, double> Weights
    {
        get;
        init => field = _defaultWeights.SetItems(value);
    } = _defaultWeights;

    /// <summary>How much more ten units teach than one: 0 ignores the quantity, 1 counts every unit.</summary>
    [Range(0.0, 1.0)]
    public double QuantityExponent { get; init; }

    /// <summary>No quantity counts for more than this many single units, so that a wholesaler's order does not drown the rest.</summary>
    [Range(1.0, 1000.0)]
    public double QuantityLimit { get; init; } = 4;

    /// <summary>After this many days an event teaches half as much; 0 forgets nothing.</summary>
    [Range(0.0, 36500.0)]
    public double HalfLifeDays { get; init; } = 180;

    /// <summary>The most that all events with one item can teach, so that a page opened a hundred times stays one interest.</summary>
    [Range(0.01, 1000.0)]
    public double ConfidenceLimit { get; init; } = 3;

    /// <summary>Ratings from this many stars up count as liked, with the weight of <c>rating</c>.</summary>
    [Range(0.0, 5.0)]
    public double PositiveRating { get; init; } = 4;

    /// <summary>Ratings down from this many stars count as disliked, with the weight of <c>dislike</c>.</summary>
    [Range(0.0, 5.0)]
    public double NegativeRating { get; init; } = 2;

    /// <summary>The types without a weight of their own: each takes something back.</summary>
    private static readonly ImmutableArray<string> _takingBack =
        [EventTypes.Unlike, EventTypes.CartRemove, EventTypes.Return, EventTypes.Undo];

    /// <summary>Known, and silent about tastes.</summary>
    private static readonly ImmutableArray<string> _teachingNothing = [EventTypes.Complaint];

    private static readonly ImmutableSortedDictionary<string, double> _defaultWeights = new Dictionary<string, double>
    {
        [EventTypes.Purchase] = 1,
        [EventTypes.Like] = 1,
        [EventTypes.Rating] = 1,
        [EventTypes.Answer] = 1,
        [EventTypes.CartAdd] = 0.5,
        [EventTypes.Review] = 0.2,
        [EventTypes.View] = 0.2,
        [EventTypes.Dislike] = -1,
        [EventTypes.Hide] = -1,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public bool Knows(string type) => Weights.ContainsKey(type) || _takingBack.Contains(type) || _teachingNothing.Contains(type);

    /// <summary>What is wrong with a type, as the end of a sentence that begins with its field; null where it is known.</summary>
    public string? ProblemWith(string type) => Knows(type) ? null
        : $"is \"{type}\", which has no weight{NearestName.Hint(type, KnownTypes)} Known are {string.Join(", ", KnownTypes)}";

    /// <summary>Every type an event may have, in ordinal order.</summary>
    [JsonIgnore]
    public IEnumerable<string> KnownTypes => Weights.Keys.Concat(_takingBack).Concat(_teachingNothing).Order(StringComparer.Ordinal);

    /// <exception cref="ValidationException">A value is out of its range; the message says which, its value and the range.</exception>
    public void Validate()
    {
        Validator.ValidateObject(this, new ValidationContext(this), validateAllProperties: true);
        foreach ((string type, double weight) in Weights)
        {
            if (type.Length == 0) throw new ValidationException("An event type with a weight has an empty name.");
            if (_takingBack.Contains(type))
                throw new ValidationException($"The event type '{type}' takes something back and can have no weight (it is {weight}).");
            if (_teachingNothing.Contains(type)) throw new ValidationException($"The event type '{type}' says nothing of a taste and can have no weight (it is {weight}).");
            bool mustPushDown = type is EventTypes.Dislike or EventTypes.Hide;
            if (!(Math.Abs(weight) <= 100) || (mustPushDown ? weight > 0 : weight < 0))
                throw new ValidationException($"The weight of '{type}' is {weight}; it must be {(mustPushDown ? "-100 to 0" : "0 to 100")}.");
        }
        if (NegativeRating >= PositiveRating)
            throw new ValidationException($"negative_rating ({NegativeRating}) must be below positive_rating ({PositiveRating}).");
    }

    public bool Equals(ConfidenceOptions? other) => other is not null && Weights.SequenceEqual(other.Weights)
        && (QuantityExponent, QuantityLimit, HalfLifeDays, ConfidenceLimit, PositiveRating, NegativeRating)
        == (other.QuantityExponent, other.QuantityLimit, other.HalfLifeDays, other.ConfidenceLimit, other.PositiveRating, other.NegativeRating);

    public override int GetHashCode() => HashCode.Combine(Weights.Count, QuantityExponent, HalfLifeDays, ConfidenceLimit);
}

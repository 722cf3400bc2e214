namespace Recommender.Relationship;

/// <summary>A figure from 0 to 100 that can be taken apart.</summary>
/// <param name="Score">The sum of the parts' points; null where nothing is known that speaks of it.</param>
/// <param name="Parts">Only those of which something is known.</param>
public sealed record Indicator(double? Score, IReadOnlyList<IndicatorPart> Parts);

/// <param name="Name">"answers", "ratings", "returns", "complaints"; "recency", "frequency", "breadth", "reciprocity".</param>
/// <param name="Value">0 to 1.</param>
/// <param name="Weight">Its share of the whole, 0 to 1; the shares of the known parts add up to 1.</param>
/// <param name="Points">100 x value x weight.</param>
/// <param name="Sentence">Why, in words with numbers.</param>
public sealed record IndicatorPart(string Name, double Value, double Weight, double Points, string Sentence);

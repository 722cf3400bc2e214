namespace Recommender.Repeats;

/// <summary>An item that somebody bought, by what their habit makes of today.</summary>
/// <param name="Item">Its number in the model.</param>
/// <param name="Gain">Added to its score.</param>
/// <param name="Due">The part of everything else that speaks for it that counts: nearly nothing the day after it was bought, 1
/// from half of its interval on.</param>
public readonly record struct DueItem(int Item, float Gain, float Due);

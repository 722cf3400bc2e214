using System.Collections.Immutable;

namespace Recommender.ColdStart;

/// <summary>What is expected of an item that nobody has dealt with yet.</summary>
/// <param name="Vector">Its factors, in the items' space.</param>
/// <param name="Popularity">Expected mean confidence over all people; not negative.</param>
/// <param name="Lookalikes">The known items most like it, nearest first: what goes with them goes with it.</param>
/// <param name="Shares">How much each of them counts. They add up to less than 1: the farther they are, the less is expected.</param>
public sealed record Newcomer(float[] Vector, float Popularity, ImmutableArray<int> Lookalikes, ImmutableArray<float> Shares);

namespace Recommender.Ranking;

/// <summary>Items to be ranked higher or lower, as a scenario or a request says it.</summary>
/// <param name="Filter">An expression: the items it is about.</param>
/// <param name="Factor">What their scores are multiplied by, 0.01 to 100.</param>
public sealed record BoostRule(string Filter, double Factor);

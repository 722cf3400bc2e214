namespace Recommender.Scoring;

/// <summary>An item by its number in the model, with its score.</summary>
public readonly record struct ScoredItem(int Item, float Score);

/// <summary>One term of a score.</summary>
/// <param name="HistoryIndex">Position in the history that was folded in; from the history's length on, in what was refused; -1 for what everybody wants (the popularity prior).</param>
/// <param name="Share">The term over the sum of all positive terms, 0 to 1.</param>
/// <param name="Term">What it adds to the score. All terms, those too small to be listed included, add up to the score.</param>
public readonly record struct Reason(int HistoryIndex, float Share, float Term);

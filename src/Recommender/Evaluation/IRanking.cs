using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>Something that ranks the catalogue for a customer: a model, or what a model is compared with.</summary>
public interface IRanking
{
    /// <summary>For tables: "default.json", "popularity".</summary>
    string Name { get; }

    /// <summary>Scratch memory for one thread.</summary>
    /// <param name="count">The longest list that will be asked for.</param>
    IRanker Ranker(int count);
}

/// <summary>One thread's part of a ranking.</summary>
public interface IRanker
{
    /// <summary>The best items for a history, best first; good until the next call.</summary>
    /// <param name="row">The customer's row in the matrices that are measured.</param>
    /// <param name="history">What is known of the customer.</param>
    /// <param name="eligible">Items that may be answered.</param>
    /// <param name="excluded">Of those, the ones that may not: usually the history.</param>
    ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded);
}

using System.Collections.Immutable;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>How rankings are measured; the same for all that are compared.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Lengths of list to measure at.</summary>
    public ImmutableArray<int> Cutoffs { get; init; } = [10, 20, 50];

    /// <summary>Cores to use. The figures do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether what somebody has may be answered again (consumables); otherwise the history is left out.</summary>
    public bool HistoryMayReturn { get; init; }

    /// <summary>Items that are ranked; null for the whole catalogue.</summary>
    public ItemMask? Candidates { get; init; }
}

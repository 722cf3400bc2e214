using System.Collections.Immutable;
using Recommender.Evaluation;
using Recommender.Models;
using Recommender.Similarity;

namespace Recommender.Tuning;

/// <summary>What a tuning aims at and what it may cost.</summary>
public sealed record TuningOptions
{
    /// <summary>What is to become as high as possible.</summary>
    public Objective Objective { get; init; } = new("ndcg", 20);

    /// <summary>Wall-clock time for everything, the confirmation included. Not looked at where <see cref="Trials"/> is set.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Ends after this many trials instead: the same data, start, seed and number then give the same recipe, whatever the machine and its
    /// threads (unless <see cref="TrainCpuSeconds"/> says no, which is measured).
    /// </summary>
    public int? Trials { get; init; }

    /// <summary>CPU seconds that a training by the recipe may take at most; null for any.</summary>
    public double? TrainCpuSeconds { get; init; }

    /// <summary>Factors are not made more than this, nor more than twice those of the start unless set.</summary>
    public int? MaxFactors { get; init; }

    /// <summary>Item-item parts that are tried beside those of the start; one that helps stays.</summary>
    public ImmutableArray<SimilarityOptions> Offered { get; init; } = [];

    /// <summary>Part of everybody's items that each of the two validation parts takes.</summary>
    public double ValidationShare { get; init; } = 0.1;

    internal long MostCandidates { get; init; } = BlendColumns.MostCandidates;
}

/// <summary>What came out of a tuning.</summary>
/// <param name="Recipe">The best there is; the start where nothing was better.</param>
/// <param name="Start">What the search began with.</param>
/// <param name="Trials">How many recipes were measured.</param>
/// <param name="Search">On the validation part that was searched, the last measured: best and start of the same customers; null where the search ended before.</param>
/// <param name="Confirmation">On the second validation part, which the search never saw; null where it was interrupted before.</param>
/// <param name="Verdict">Why this recipe, in a sentence.</param>
/// <param name="DataFingerprint">Of everything that was given, as a model's card says it.</param>
public sealed record TuningResult(Recipe Recipe, Recipe Start, int Trials, TuningComparison? Search, TuningComparison? Confirmation, string Verdict,
    string DataFingerprint)
{
    public bool IsStart => Recipe == Start;
}

/// <summary>Two recipes measured on the same customers.</summary>
/// <param name="Best">Mean and interval of what the search found.</param>
/// <param name="Start">Of the start.</param>
/// <param name="Gain">Of the difference, customer by customer.</param>
/// <param name="Customers">How many were measured.</param>
/// <param name="TrainCpuSeconds">What a training by the best one cost there, measured.</param>
public sealed record TuningComparison(Interval Best, Interval Start, Interval Gain, int Customers, double TrainCpuSeconds);

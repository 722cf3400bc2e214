using Recommender.Cli.Importing;
using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;
using static System.FormattableString;

namespace Recommender.Cli.Commands;

/// <summary>What `evaluate` learns from and measures on, wherever it comes from.</summary>
/// <param name="HoldOut">The histories and what is to be found.</param>
/// <param name="Origin">Where it comes from and how it was split, for people.</param>
internal sealed record EvaluationSplit(HoldOut HoldOut, string Origin)
{
    /// <summary>What a recipe learns from: the histories as its weights read them.</summary>
    public Func<ConfidenceOptions, TrainingSet> TrainFor { get; init; } = _ => HoldOut.Train;

    /// <summary>Null where times are not known.</summary>
    public ItemBands? ItemBands { get; init; }

    /// <summary>Null where everything in the vocabulary is an item.</summary>
    public ItemMask? Candidates { get; init; }

    /// <summary>Why a version of the shop may have learned what it is asked for; null where it cannot.</summary>
    public Func<ModelCard, string?> SeenBy { get; init; } = _ => null;

    /// <summary>Whether what somebody has may be answered again.</summary>
    public bool HistoryMayReturn { get; init; }

    public bool IsShuffled { get; private init; }

    public IReadOnlyList<RejectedLine> Rejected { get; init; } = [];

    /// <summary>The same numbers of everything, and nothing to find.</summary>
    public EvaluationSplit Shuffle(ulong seed) =>
        new(Shuffled.Interactions(HoldOut, seed), $"{Origin}; who has what was then dealt out anew, so that there is nothing to find")
        {
            Candidates = Candidates,
            Rejected = Rejected,
            IsShuffled = true,
        };

    public static EvaluationSplit OfTwoFiles(FileInfo train, FileInfo test, CancellationToken cancellation)
    {
        TrainTestSplit split = LightGcn.ReadSplit(train.FullName, test.FullName, cancellation);
        return new EvaluationSplit(new HoldOut(split.Train, split.Test), $"learned from {train.Name}, to be found {test.Name}") { Rejected = split.Rejected };
    }

    /// <exception cref="ArgumentException">Nobody has items enough.</exception>
    public static EvaluationSplit OfOneFile(FileInfo file, double share, ulong seed, CancellationToken cancellation)
    {
        var rejected = new List<RejectedLine>();
        TrainingSet all = LightGcn.Read(file.FullName, rejected, cancellation);
        return new EvaluationSplit(HoldOut.AtRandom(all, share, seed),
            Invariant($"{file.Name}, of each customer a random {share:0.##%} held out, seed {seed}"))
        { Rejected = rejected };
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Recommender.Evaluation;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Similarity;

namespace Recommender.Tuning;

/// <summary>
/// Searches for a recipe that ranks better than the start. Two validation parts are cut from the data: one is searched, the other sees only
/// the winner and the start. Each part of a recipe is searched by itself, coarsely first; each trial has the best blend for its parts, which
/// costs no training. What comes out is never worse than the start on the second part, and differs from it only if it is better there beyond
/// the interval, or as good and cheaper.
/// </summary>
public static class Tuner
{
    // Parts of the budget that are spent when each stage ends.
    private const double Explored = 0.4;
    private const double Refined = 0.65;
    private const double Sized = 0.85;

    /// <param name="set">All that may be learned from. What a measurement is to be believed on must not be in it.</param>
    /// <param name="start">Where the search begins; which parts it has, and which settings they mark, says what is searched.</param>
    /// <param name="options">Objective and budget.</param>
    /// <param name="conditions">Seed, threads, memory, clock.</param>
    /// <param name="board">Told of each trial; null where nobody looks.</param>
    /// <param name="cancellation">Ends the search: the best so far is answered, without confirmation. Before the first trial is done, it throws.</param>
    /// <exception cref="TuningException">Too little data for a validation part, or a budget too small for one trial.</exception>
    /// <exception cref="TrainingTooLargeException">The start does not fit into memory.</exception>
    public static TuningResult Run(TrainingSet set, Recipe start, TuningOptions options, TrainingConditions conditions, IProgress<Trial>? board,
        CancellationToken cancellation)
    {
        start = (start with { Confidence = set.Confidence }).Validated();
        FactorTrainers.RequireKnown(start.Factorization.Trainer);
        conditions = conditions with { Progress = null };
        var budget = new TuningBudget(options, conditions.Clock);
        SizeEstimate.Of(set, start, conditions.Threads).RequireTrainingFits(conditions.AvailableBytes);
        (HoldOut search, HoldOut confirm) = Validation.Split(set, options.ValidationShare, conditions.Seed);
        var trials = new Trials(search, set.Matrix.Count, options, conditions, budget, board);
        trials.Best = trials.RunAsItIs("start", start, Fidelity.Coarse, cancellation);
        RequireEnough(budget, options, trials, start);
        TuningComparison? searched = null;
        try
        {
            Search(start, options, trials, budget, cancellation);
            searched = Compared(trials, start, cancellation);
            TuningComparison confirmed = Confirmation.Run(confirm, trials.Best.Recipe, start, options, conditions, cancellation);
            return Judge(set, trials.Best.Recipe, start, trials.Count, searched, confirmed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new TuningResult(trials.Best.Recipe, start, trials.Count, searched, Confirmation: null,
                "interrupted: the best so far, which nothing has confirmed", Training.Fingerprint(set));
        }
    }

    private static void Search(Recipe start, TuningOptions options, Trials trials, TuningBudget budget, CancellationToken cancellation)
    {
        trials.Best = trials.Run("the start's parts, blended anew", start, Fidelity.Fine, cancellation);
        Offer(options.Offered, trials, budget, cancellation);
        int parts = trials.Best.Recipe.Similarities.Length + 1;
        for (int part = 0; part < parts; part++)
            Exploration.Run(trials, budget, part - 1, shift: 31 * part, Explored * (part + 1) / parts, cancellation);
        Refinement.Run(trials, budget, Fidelity.Fine, step: 0.12, Refined, cancellation);
        // From here on with all factors; the start beside, in case that the coarse looks were deceived.
        Trial startInFull = trials.RunAsItIs("start", start, Fidelity.Full, cancellation);
        Trial inFull = trials.Run("best so far", trials.Best.Recipe, Fidelity.Full, cancellation);
        trials.Best = inFull.Skipped is null && inFull.Figure > startInFull.Figure ? inFull : startInFull;
        Reserve();
        Sizing.WithoutIdleParts(trials, budget, Fidelity.Full, Sized, cancellation);
        Sizing.Factors(trials, budget, options.MaxFactors ?? Math.Min(1024, 2 * start.Factorization.Factors), Sized, cancellation);
        Reserve();
        Refinement.Run(trials, budget, Fidelity.Full, step: 0.06, until: 1, cancellation);

        void Reserve() => budget.Reserved = trials.ForecastAnew(start, Fidelity.Full) + trials.ForecastAnew(trials.Best.Recipe, Fidelity.Full);
    }

    // A part without weight at first: the blend gives it what it is worth. What cannot be fitted here says why, and stays out.
    private static void Offer(ImmutableArray<SimilarityOptions> offered, Trials trials, TuningBudget budget, CancellationToken cancellation)
    {
        foreach (SimilarityOptions part in offered)
        {
            ImmutableArray<SimilarityOptions> present = trials.Best.Recipe.Similarities;
            Recipe with = trials.Best.Recipe with { Similarities = present.Add(part with { Weight = 0 }) };
            if (!budget.Allows(Explored, trials.Forecast(with, Fidelity.Fine))) break;
            Trial trial = trials.Run($"similarities[{present.Length}]: {part.Kind}, offered", with, Fidelity.Fine, cancellation);
            if (trial.Skipped is null) trials.Best = trial;
        }
    }

    private static TuningComparison Compared(Trials trials, Recipe start, CancellationToken cancellation)
    {
        Trial best = trials.Best, startInFull = trials.RunAsItIs("start", start, Fidelity.Full, cancellation);
        return new TuningComparison(trials.Mean(best), trials.Mean(startInFull), trials.Gain(best, startInFull), best.Values.Length,
            trials.TrainCpuSeconds(best.Recipe));
    }

    private static TuningResult Judge(TrainingSet set, Recipe best, Recipe start, int trials, TuningComparison? searched, TuningComparison confirmed)
    {
        string fingerprint = Training.Fingerprint(set);
        TuningResult Answer(Recipe recipe, string verdict) => new(recipe, start, trials, searched, confirmed, verdict, fingerprint);
        if (best == start) return Answer(start, "this is the start: nothing better was found");
        if (confirmed.Gain.Low > 0) return Answer(best, "better than the start beyond the interval, on what the search never saw");
        if (confirmed.Gain.Mean >= 0 && TrainingWork.IsLess(set.Matrix, best, start)) return Answer(best, "as good as the start, and cheaper");
        return Answer(start, confirmed.Gain.High < 0 ? "this is the start, because what was found is worse than it on what the search never saw"
            : "this is the start, because what was found gains no more than chance might on what the search never saw");
    }

    private static void RequireEnough(TuningBudget budget, TuningOptions options, Trials trials, Recipe start)
    {
        if (trials.TooCostly(start) is { } reason)
            throw new TuningException($"The start itself is not allowed: {reason}. Begin with fewer factors or sweeps, or allow more.");
        if (budget.CountsTrials) return;
        double confirmation = 2 * trials.ForecastAnew(start, Fidelity.Full), trial = budget.Seconds;
        budget.Reserved = confirmation;
        if (trial + 2 * confirmation <= options.Time.TotalSeconds) return;
        throw new TuningException(string.Create(CultureInfo.InvariantCulture,
            $"{options.Time.TotalMinutes:0.##} minutes are too few: the first trial, a coarse one, took {trial:0.0} s ({trials.Best.CpuSeconds:0.0} CPU seconds), and comparing what is found with the start in full will take about {2 * confirmation:0} s. Allow {Math.Ceiling((2 * trial + 3 * confirmation) / 6) / 10:0.0} minutes or more, or begin with fewer factors."));
    }
}

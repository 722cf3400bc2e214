using System.Globalization;
using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Questionnaires;
using Recommender.Scoring;

namespace Recommender.Tuning;

/// <summary>Measures recipes on the validation part that is searched, remembers what it measured, and tells the board.</summary>
internal sealed class Trials
{
    private readonly HoldOut _fold;
    private readonly PartFits _fits;
    private readonly int[] _rows;
    private readonly ItemMask _eligible;
    private readonly TuningOptions _options;
    private readonly TrainingConditions _conditions;
    private readonly TuningBudget _budget;
    private readonly IProgress<Trial>? _board;
    private readonly List<Trial> _measured = [];
    private readonly Dictionary<(Recipe Recipe, Fidelity Fidelity, bool AsItIs), Trial> _known = [];
    // Wall-clock seconds a unit of work, of the last trial of each fidelity.
    private readonly Dictionary<Fidelity, double> _secondsPerWork = [];
    private readonly double _ofAll;

    /// <param name="fold">What is learned, and what is to be found.</param>
    /// <param name="all">How many interactions a training will learn from that is not held to this part.</param>
    public Trials(HoldOut fold, long all, TuningOptions options, TrainingConditions conditions, TuningBudget budget, IProgress<Trial>? board)
    {
        (_fold, _options, _conditions, _budget, _board) = (fold, options, conditions, budget, board);
        _fits = new PartFits(fold.Train, conditions);
        _ofAll = (double)all / fold.Train.Matrix.Count;
        _rows = Validation.Customers(fold);
        _eligible = AnswerColumns.ItemsAmong(fold.Train.Items);
        // In random order, so that each fidelity measures the first of them.
        HoldOut.RandomOf(conditions.Seed, row: -2).Shuffle(_rows);
    }

    public int Count { get; private set; }

    /// <summary>What the search stands on now, and what is answered if it has to end.</summary>
    public Trial Best
    {
        get => field ?? throw new InvalidOperationException("Nothing has been measured yet.");
        set;
    }

    public InteractionMatrix Matrix => _fold.Train.Matrix;

    /// <summary>The recipe measured at a fidelity, with the best blend there is for its parts.</summary>
    /// <param name="what">For people: what is tried.</param>
    public Trial Run(string what, Recipe recipe, Fidelity fidelity, CancellationToken cancellation) => Run(what, recipe, fidelity, asItIs: false, cancellation);

    /// <summary>The recipe measured with its own blend, whatever it costs to train.</summary>
    public Trial RunAsItIs(string what, Recipe recipe, Fidelity fidelity, CancellationToken cancellation) => Run(what, recipe, fidelity, asItIs: true, cancellation);

    private Trial Run(string what, Recipe recipe, Fidelity fidelity, bool asItIs, CancellationToken cancellation)
    {
        if (_known.TryGetValue((recipe, fidelity, asItIs), out Trial? known)) return known;
        long started = _conditions.Clock.GetTimestamp();
        double cpuBefore = PartFits.CpuSeconds, neighboursBefore = _fits.WallSeconds;
        string? skipped = asItIs ? null : TooCostly(recipe);
        (Recipe Recipe, double[] Values) measured = (recipe, []);
        try
        {
            if (skipped is null) measured = Measure(recipe, fidelity, asItIs, cancellation);
        }
        catch (Exception problem) when (!asItIs && problem is TrainingTooLargeException or TrainingException or InvalidRecipeException or InvalidModelException)
        {
            // On this catalogue. The start must fit, though: without it there is nothing to compare with.
            skipped = problem.Message;
        }
        double seconds = _conditions.Clock.GetElapsedTime(started).TotalSeconds - (_fits.WallSeconds - neighboursBefore);
        if (skipped is null) _secondsPerWork[fidelity] = seconds / Work(recipe, fidelity);
        var trial = new Trial(++Count, fidelity.Name, Counted(what, fidelity), measured.Recipe, skipped is null ? measured.Values.Average() : double.NaN,
            PartFits.CpuSeconds - cpuBefore, Rank: 0, skipped)
        { Values = measured.Values };
        if (skipped is null) _measured.Add(trial);
        trial = trial with { Rank = skipped is null ? RankOf(trial) : 0 };
        _known[(recipe, fidelity, asItIs)] = trial;
        // What has the best blend already would find it again.
        _known[(trial.Recipe, fidelity, asItIs)] = trial;
        _budget.CountTrial();
        _board?.Report(trial);
        return trial;
    }

    /// <summary>Wall-clock seconds that measuring a recipe will about take.</summary>
    public double Forecast(Recipe recipe, Fidelity fidelity)
    {
        return _known.ContainsKey((recipe, fidelity, false)) ? 0 : ForecastAnew(recipe, fidelity);
    }

    /// <summary>The same for one that was measured before, on other data.</summary>
    public double ForecastAnew(Recipe recipe, Fidelity fidelity)
    {
        double perWork = _secondsPerWork.TryGetValue(fidelity, out double same) ? same : _secondsPerWork.Values.DefaultIfEmpty().Max();
        return perWork * Work(recipe, fidelity) + _fits.ForecastNeighbours(recipe);
    }

    /// <summary>How much better one trial was than another of the same fidelity, customer by customer.</summary>
    public Interval Gain(Trial better, Trial than) => Bootstrap.Difference(better.Values, than.Values, _conditions.Seed);

    public Interval Mean(Trial trial) => Bootstrap.Mean(trial.Values, _conditions.Seed);

    /// <summary>CPU seconds of a training on everything, by what its parts cost here; NaN where one of them was never fitted.</summary>
    public double TrainCpuSeconds(Recipe recipe) => _fits.TrainCpuSeconds(recipe) * _ofAll ?? double.NaN;

    /// <summary>Why a recipe may not be trained, as far as that can be said without fitting anything.</summary>
    public string? TooCostly(Recipe recipe) => _options.TrainCpuSeconds is { } allowed && TrainCpuSeconds(recipe) is var seconds && seconds > allowed
        ? string.Create(CultureInfo.InvariantCulture, $"a training would take about {seconds:0.#} CPU seconds, and {allowed:0.#} are allowed") : null;

    private (Recipe, double[]) Measure(Recipe recipe, Fidelity fidelity, bool asItIs, CancellationToken cancellation)
    {
        TrainedModel model = _fits.Model(fidelity.Of(recipe), cancellation);
        int[] rows = _rows[..Customers(fidelity)];
        BlendColumns columns = BlendColumns.Of(model, _fold, rows, _eligible, _options.Objective.Cutoff, _conditions.Threads, cancellation);
        return asItIs ? (recipe, columns.Measure(recipe, _options.Objective, _conditions.Threads, cancellation))
            : BlendSearch.Best(columns, recipe, _options.Objective, _conditions.Threads, cancellation);
    }

    private int Customers(Fidelity fidelity) => Math.Min(Wanted(fidelity), BlendColumns.MostCustomers(_options.Objective.Cutoff, Matrix.ColumnCount, _options.MostCandidates));

    private int Wanted(Fidelity fidelity) => Math.Min(_rows.Length, fidelity.Customers);

    // So many candidates of each customer are looked at that not all customers can be.
    private string Counted(string what, Fidelity fidelity) => Customers(fidelity) == Wanted(fidelity) ? what
        : string.Create(CultureInfo.InvariantCulture, $"{what} (by {Customers(fidelity):N0} of {Wanted(fidelity):N0} customers: lists of {_options.Objective.Cutoff:N0} take too much memory for more)");

    private int RankOf(Trial trial) => 1 + _measured.Count(other => other.Fidelity == trial.Fidelity && other.Figure > trial.Figure);

    private double Work(Recipe recipe, Fidelity fidelity)
    {
        Recipe tried = fidelity.Of(recipe);
        double rankings = Customers(fidelity) * (double)(recipe.Similarities.Length + 2);
        return TrainingWork.Of(Matrix, tried.Factorization) + rankings * Matrix.ColumnCount * (2 * tried.Factorization.Factors + 40);
    }
}

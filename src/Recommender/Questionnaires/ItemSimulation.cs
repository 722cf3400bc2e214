using Recommender.Models;
using Recommender.Scoring;
using Recommender.Threading;

namespace Recommender.Questionnaires;

/// <summary>
/// Asks people whom the model has never seen about items, one by one, and measures the list after each number of questions. Half of what
/// a person has, drawn at random, is what they say yes to; the other half is what the list should find.
/// </summary>
public static class ItemSimulation
{
    // Items that are looked at for the next question: people seldom know what few know.
    private const int Shortlist = 500;

    /// <param name="people">Respondents with fewer than two items are passed over.</param>
    /// <param name="model">Trained on <see cref="HeldOutPeople.Training"/>.</param>
    /// <param name="questions">Numbers of questions to measure at.</param>
    /// <param name="seed">Draws the halves and the random order.</param>
    /// <param name="threads">Cores to use; the figures do not depend on it.</param>
    /// <param name="progress">Part that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops within one respondent.</param>
    /// <exception cref="ArgumentException">More questions than items, or nobody to measure.</exception>
    public static SimulationResult Run(HeldOutPeople people, TrainedModel model, IReadOnlyList<int> questions, ulong seed, int threads,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        int most = questions.Count == 0 ? 0 : questions.Max();
        if (questions.Any(count => count < 0) || most > model.Items.Count)
            throw new ArgumentException($"{most} questions cannot be asked about {model.Items.Count} items.", nameof(questions));
        int[] rows = [.. people.Rows.Where(row => people.All.Matrix.Row(row).Length >= 2)];
        if (rows.Length == 0) throw new ArgumentException("No customer who was held out has two items: there is nothing to measure.", nameof(people));
        var ranked = new ItemMask(model.Items.Count);
        ranked.SetAll();
        string[] orders = ["adaptive", "popular", "random"];
        var table = new SimulationTable(rows.Length, orders, questions);
        int done = 0;
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, rows.Length, parallel, () => new Respondent(model, ranked), (k, _, respondent) =>
        {
            Random random = HeldOutPeople.RandomOf(seed, rows[k]);
            int[] items = people.All.Matrix.Row(rows[k]).Columns.ToArray();
            random.Shuffle(items);
            int[] known = items[..(items.Length / 2)], test = items[(items.Length / 2)..];
            Array.Sort(known);
            Array.Sort(test);
            var shuffled = new int[model.Items.Count];
            for (int item = 0; item < shuffled.Length; item++) shuffled[item] = item;
            random.Shuffle(shuffled);
            for (int order = 0; order < orders.Length; order++)
            {
                respondent.Start();
                if (order == 0) table.Popularity[k] = respondent.Ndcg(test);
                for (int asked = 0; asked <= most; asked++)
                {
                    if (asked > 0)
                    {
                        int item = order switch { 0 => Best(respondent, ranked), 1 => model.Popularity.Order[asked - 1], _ => shuffled[asked - 1] };
                        respondent.Tell(item, Array.BinarySearch(known, item) >= 0);
                    }
                    if (table.IsMeasured(asked)) table.Set(k, order, asked, respondent.Ndcg(test), respondent.YesCount);
                }
            }
            respondent.Start();
            foreach (int item in known) respondent.Tell(item, yes: true);
            table.Ceiling[k] = respondent.Ndcg(test);
            progress?.Report(Interlocked.Increment(ref done) / (double)rows.Length);
            return respondent;
        }, _ => { });
        return table.Result();
    }

    private static int Best(Respondent respondent, ItemMask ranked) => respondent.Elicitation.TryBestItem(ranked, Shortlist, out ItemQuestion best)
        ? best.Item
        : throw new InvalidOperationException("There is nothing left to ask about.");
}

/// <summary>Figures of each respondent, averaged in their order so that threads do not show in the last digit.</summary>
internal sealed class SimulationTable(int respondents, string[] orders, IReadOnlyList<int> questions)
{
    private readonly int[] _questions = [.. questions.Distinct().Order()];
    private readonly Dictionary<(int Order, int Asked), (double Ndcg, double Yes)[]> _figures = [];
    private readonly Lock _gate = new();

    public double[] Popularity { get; } = new double[respondents];

    public double[] Ceiling { get; } = new double[respondents];

    public bool IsMeasured(int asked) => Array.BinarySearch(_questions, asked) >= 0;

    public void Set(int respondent, int order, int asked, double ndcg, double yes)
    {
        (double, double)[] figures;
        lock (_gate)
        {
            if (!_figures.TryGetValue((order, asked), out figures!)) _figures[(order, asked)] = figures = new (double, double)[respondents];
        }
        figures[respondent] = (ndcg, yes);
    }

    public SimulationResult Result() => new(respondents, Popularity.Average(), Ceiling.Average(),
    [
        .. orders.Select((name, order) => new OrderResult(name,
        [
            .. _questions.Select(asked => new StepResult(asked, _figures[(order, asked)].Average(one => one.Ndcg), _figures[(order, asked)].Average(one => one.Yes))),
        ])),
    ]);
}

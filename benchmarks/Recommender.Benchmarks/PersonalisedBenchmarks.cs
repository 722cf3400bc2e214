using BenchmarkDotNet.Attributes;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;

namespace Recommender.Benchmarks;

/// <summary>
/// One person's ten best items with their reasons by the default recipe's parts, one thread, other people each time: the whole and its stages.
/// Two sweeps of training are enough: where the time goes does not depend on how well the factors fit.
/// </summary>
[MemoryDiagnoser, InProcess, WarmupCount(3), IterationCount(9), IterationTime(100)]
public class PersonalisedBenchmarks
{
    private const int Answers = 10;
    private const int MostPeople = 256;

    // A person has scores ready to be scanned for: as many catalogues of floats.
    private const int ScannedPeople = 8;

    // As many as a mailing's answers that are worked out together.
    private const int Together = 256;

    private static readonly Dictionary<(Source, int), (TrainingSet Set, TrainedModel Model)?> _trained = [];

    private readonly ScoredItem[] _top = new ScoredItem[Answers];
    private readonly Reason[] _reasons = new Reason[8];
    private int[][] _people = [];
    private float[] _confidences = [];
    private Scorer _scorer = null!;
    private BatchScorer _batch = null!;
    private BatchPerson[] _together = [];
    private FoldIn _foldIn = null!;
    private NeighbourScores _neighbours = null!;
    private AddedScores _added = null!;
    private PersonalScores[] _scanned = [];
    private ItemMask _everything = null!;
    private ItemMask _nothing = null!;
    private uint _next;

    public enum Source { Generated, Yelp2018 }

    [Params(Source.Generated, Source.Yelp2018)]
    public Source Catalogue { get; set; }

    [Params(128, 192)]
    public int Factors { get; set; }

    [Params(5, 20, 100)]
    public int HistoryLength { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        if (!_trained.TryGetValue((Catalogue, Factors), out var trained)) _trained[(Catalogue, Factors)] = trained = Train();
        if (trained is not { } present) throw new InvalidOperationException("RECOMMENDER_SHARED, else ../shared, does not have yelp2018.");
        (TrainingSet set, TrainedModel model) = present;
        var random = new Random(7);
        var people = new List<int[]>();
        for (int row = 0; row < set.Matrix.RowCount && people.Count < MostPeople; row++)
        {
            int[] items = Array.ConvertAll(set.Matrix.Row(row).Columns.ToArray(), item => model.Items.TryGetNumber(set.Items[item], out int number) ? number : -1);
            if (items.Length < HistoryLength) continue;
            random.Shuffle(items);
            people.Add(items[..HistoryLength]);
        }
        _people = [.. people];
        _confidences = [.. Enumerable.Repeat(1f, HistoryLength)];
        (_everything, _nothing) = (new ItemMask(model.Items.Count), new ItemMask(model.Items.Count));
        _everything.SetAll();
        _scorer = new Scorer(model);
        _batch = new BatchScorer(model);
        _together = [.. Enumerable.Range(0, Together).Select(_ => NextPerson()).Select(person =>
            new BatchPerson { Items = person, Confidences = _confidences, Eligible = _everything, Excluded = person, Top = new ScoredItem[Answers] })];
        _foldIn = new FoldIn(model.ItemFactors, model.Spectrum, model.Card.Recipe.Factorization, VectorKernels.Best);
        (_neighbours, _added) = (new NeighbourScores(model), new AddedScores(model.FixedScores));
        _scanned = [.. Enumerable.Range(0, ScannedPeople).Select(_ => new PersonalScores(model, VectorKernels.Best))];
        foreach (PersonalScores scores in _scanned) scores.Of(NextPerson(), _confidences, [], answered: false, []);
    }

    [Benchmark]
    public void FoldIn() => _foldIn.Solve(NextPerson(), _confidences);

    [Benchmark]
    public void Neighbours()
    {
        _added.Start(1);
        _neighbours.AddTo(_added, NextPerson(), _confidences);
    }

    [Benchmark]
    public int Scan()
    {
        var heap = new TopHeap(_top);
        _scanned[_next++ % ScannedPeople].Offer(_everything, _nothing, ref heap);
        return heap.Finish();
    }

    [Benchmark(Baseline = true)]
    public int Ranking() => Rank(NextPerson());

    [Benchmark]
    public int RankingWithReasons()
    {
        Rank(NextPerson());
        return Reasons();
    }

    [Benchmark(OperationsPerInvoke = Together)]
    public void RankingTogether() => _batch.Personalised(_together, threads: 1, CancellationToken.None);

    [Benchmark(OperationsPerInvoke = Together)]
    public void RankingTogetherOnTwoThreads() => _batch.Personalised(_together, threads: 2, CancellationToken.None);

    /// <summary>As a server asks: what was said is read by itself while little is known.</summary>
    [Benchmark]
    public int AnsweredRankingWithReasons()
    {
        int[] person = NextPerson();
        _scorer.Personalised(person, _confidences, [], answered: true, [], _everything, person, _top);
        return Reasons();
    }

    private int Rank(int[] person) => _scorer.Personalised(person, _confidences, _everything, person, _top);

    private int Reasons()
    {
        int count = 0;
        foreach (ScoredItem answered in _top) count += _scorer.Reasons(answered.Item, _reasons);
        return count;
    }

    private int[] NextPerson() => _people[_next++ % (uint)_people.Length];

    private (TrainingSet, TrainedModel)? Train()
    {
        InteractionMatrix? interactions = Catalogue == Source.Yelp2018 ? Catalogues.Yelp2018() : Catalogues.Interactions(30_000, 25_000, 40, seed: 1);
        if (interactions is null) return null;
        TrainingSet set = new(Names("customer:c", interactions.RowCount), Names("item", interactions.ColumnCount), interactions);
        var recipe = new Recipe { Factorization = new FactorizationOptions { Factors = Factors, Sweeps = 2 } };
        return (set, AsServed(Training.Run(set, recipe, new TrainingConditions { Threads = Environment.ProcessorCount }, CancellationToken.None)));
    }

    // Its items in the order in which a saved model has them.
    private static TrainedModel AsServed(TrainedModel model)
    {
        var files = new Dictionary<string, MemoryStream>();
        ModelFiles.Write(model, name => files[name] = new MemoryStream());
        return ModelFiles.Read(model.Card, name => new MemoryStream(files[name].ToArray()));
    }

    private static Vocabulary Names(string prefix, int count)
    {
        var builder = new VocabularyBuilder();
        for (int k = 0; k < count; k++) builder.Add($"{prefix}{k}");
        return builder.Build();
    }
}

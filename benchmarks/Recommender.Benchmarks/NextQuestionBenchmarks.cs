using BenchmarkDotNet.Attributes;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Questionnaires;
using Recommender.Scoring;

namespace Recommender.Benchmarks;

/// <summary>An answer taken in and the next item to ask about chosen, by a respondent who has answered ten questions.</summary>
[MemoryDiagnoser]
public class NextQuestionBenchmarks
{
    private const int Items = 10_000;
    private const int Answers = 10;
    private Elicitation _elicitation = null!;
    private ItemMask _items = null!;

    [Params(128)]
    public int Factors { get; set; }

    /// <summary>How many of the most popular items are looked at.</summary>
    [Params(500, Items)]
    public int Shortlist { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        InteractionMatrix matrix = Catalogues.Interactions(5_000, Items, perCustomer: 40, seed: 5);
        var recipe = new Recipe { Factorization = new() { Factors = Factors, Sweeps = 2 } };
        var set = new TrainingSet(Names("c", matrix.RowCount), Names("i", Items), matrix);
        TrainedModel model = Training.Run(set, recipe, new TrainingConditions { Threads = 2 }, CancellationToken.None);
        _items = new ItemMask(Items);
        _items.SetAll();
        _elicitation = new Elicitation(model);
    }

    /// <summary>The whole session again, as a server without state does it, and the next question.</summary>
    [Benchmark]
    public int Session()
    {
        _elicitation.Start(_items);
        for (int answer = 0; answer < Answers; answer++) _elicitation.Tell(answer * 7, yes: answer % 4 == 0);
        return _elicitation.TryBestItem(_items, Shortlist, out ItemQuestion best) ? best.Item : -1;
    }

    private static Vocabulary Names(string prefix, int count)
    {
        var names = new VocabularyBuilder();
        for (int k = 0; k < count; k++) names.Add($"{prefix}{k}");
        return names.Build();
    }
}

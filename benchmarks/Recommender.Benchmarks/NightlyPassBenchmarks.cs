using BenchmarkDotNet.Attributes;
using Recommender.Interactions;
using Recommender.LifeCycle;
using Recommender.Relationship;

namespace Recommender.Benchmarks;

/// <summary>
/// What a night costs with a million customers whose summaries are in memory, on one thread: stages with the day they changed on, P(alive),
/// expected purchases, satisfaction and intensity. Beside it a pass that only reads the summaries, and a fit.
/// </summary>
[MemoryDiagnoser]
public class NightlyPassBenchmarks
{
    private const int Customers = 1_000_000;
    private const int FittedCustomers = 25_000;
    private static readonly DateOnly _today = new(2026, 11, 22);

    private readonly StageRules _rules = new(BgNbd.Prior, new LifeCycleOptions());
    private readonly Indicators _indicators = new(new IndicatorOptions());
    private readonly RelationshipSummary[] _people = new RelationshipSummary[Customers];
    private readonly List<StageTransition> _transitions = [];
    private readonly List<PurchaseRhythm> _fitted = [];

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(1);
        // Different lives by the thousand; a million of them repeat, in the order of chance.
        RelationshipSummary[] lives = [.. Enumerable.Range(0, 20_000).Select(_ => Life(random))];
        for (int i = 0; i < _people.Length; i++) _people[i] = lives[random.Next(lives.Length)];
        foreach (RelationshipSummary life in lives.Concat(Enumerable.Range(0, FittedCustomers - lives.Length).Select(_ => Life(random)))) _fitted.Add(life.LifeCycle.Rhythm);
    }

    [Benchmark(Baseline = true)]
    public long OnlyRead()
    {
        long purchases = 0;
        foreach (ref readonly RelationshipSummary person in _people.AsSpan()) purchases += person.LifeCycle.Rhythm.Purchases + person.Categories + person.LastActive.DayNumber;
        return purchases;
    }

    [Benchmark]
    public double StagesAndAlive()
    {
        _transitions.Clear();
        double alive = 0;
        foreach (ref readonly RelationshipSummary person in _people.AsSpan())
        {
            LifeCycleState state = _rules.Advance(person.LifeCycle, _today, _transitions);
            alive += _rules.Model.AliveProbability(state.Rhythm, _today);
        }
        return alive + _transitions.Count;
    }

    [Benchmark]
    public double ExpectedPurchases()
    {
        double expected = 0;
        foreach (ref readonly RelationshipSummary person in _people.AsSpan()) expected += _rules.Model.ExpectedPurchases(person.LifeCycle.Rhythm, _today, 90);
        return expected;
    }

    [Benchmark]
    public double SatisfactionAndIntensity()
    {
        double sum = 0;
        foreach (ref readonly RelationshipSummary person in _people.AsSpan()) sum += (_indicators.Satisfaction(person, _today) ?? 0) + (_indicators.Intensity(person, _today) ?? 0);
        return sum;
    }

    [Benchmark]
    public double WholePass() => StagesAndAlive() + ExpectedPurchases() + SatisfactionAndIntensity();

    [Benchmark]
    public double FitOf25ThousandCustomers() => BgNbdFit.Of(_fitted, _today, TimeUnit.Week, CancellationToken.None).LogLikelihood;

    /// <summary>One customer of the last two years by their events, summed up as of a month ago: a nightly pass finds changes.</summary>
    private RelationshipSummary Life(Random random)
    {
        DateTimeOffset now = new(2026, 10, 22, 0, 0, 0, TimeSpan.Zero), at = now.AddDays(-random.Next(1, 730));
        var events = new List<ShopEvent>();
        for (double pace = 5 + 300 * random.NextDouble() * random.NextDouble(); at < now; at = at.AddDays(-pace * Math.Log(1 - random.NextDouble())))
        {
            string type = events.Count == 0 || random.Next(8) > 0 ? EventTypes.Purchase : random.Next(2) == 0 ? EventTypes.Return : EventTypes.Rating;
            events.Add(new ShopEvent
            {
                EventId = $"{events.Count}",
                Type = type,
                Rating = type == EventTypes.Rating ? random.Next(6) : null,
                Person = Person.Customer("c"),
                ItemId = $"{random.Next(20)}",
                Channel = "web",
                OccurredAt = at,
            });
            if (random.Next(6) == 0) break;
        }
        return RelationshipSummary.Of(new RelationshipEvidence(events) { Contacts = [new(now.AddDays(-9), random.Next(4) == 0)] },
            _rules, new IndicatorOptions(), item => item, ShopCalendar.Utc, now).Summary;
    }
}

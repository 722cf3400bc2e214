using System.Runtime.CompilerServices;
using Recommender.Interactions;

namespace Recommender.Tests.Interactions;

public sealed class TrainingSetBuilderTests
{
    private static readonly DateTimeOffset _now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_training_set_and_every_persons_history_agree(int seed)
    {
        var options = new ConfidenceOptions { Weights = new ConfidenceOptions().Weights.Add("gift", 0.3) };
        List<ShopEvent> log = RandomLog(seed, options);
        var builder = new TrainingSetBuilder(options, _now);
        foreach (ShopEvent happened in log) builder.Add(happened);
        TrainingSet set = builder.Build();

        int interactions = 0;
        foreach (IGrouping<Person, ShopEvent> ofPerson in log.GroupBy(happened => happened.Person))
        {
            Assert.True(set.People.TryGetNumber(TrainingSet.Key(ofPerson.Key), out int row));
            var expected = History.Of([.. ofPerson], options, _now).Entries.Where(entry => entry.Confidence > 0)
                .ToDictionary(entry => entry.ItemId, entry => entry.Confidence);
            var actual = new Dictionary<string, float>();
            InteractionRow learned = set.Matrix.Row(row);
            for (int k = 0; k < learned.Length; k++) actual.Add(set.Items[learned.Columns[k]], learned.Confidence(k));
            Assert.Equal(expected.OrderBy(pair => pair.Key), actual.OrderBy(pair => pair.Key));
            interactions += actual.Count;
        }
        Assert.Equal(interactions, set.Matrix.Count);
        Assert.InRange(interactions, 100, log.Count);
    }

    [Fact]
    public void An_event_is_held_in_the_forty_bytes_that_estimates_of_memory_count() => Assert.Equal(40, Unsafe.SizeOf<Signal>());

    [Fact]
    public void A_customer_and_a_visitor_with_the_same_id_are_two_people()
    {
        var builder = new TrainingSetBuilder(new ConfidenceOptions(), _now);
        builder.Add(Event("1", "view", Person.Customer("x"), "a"));
        builder.Add(Event("2", "view", Person.Visitor("x"), "b"));
        TrainingSet set = builder.Build();
        Assert.Equal(["customer:x", "visitor:x"], [set.People[0], set.People[1]]);
    }

    [Fact]
    public void An_undo_takes_back_events_of_its_own_person_only()
    {
        var builder = new TrainingSetBuilder(new ConfidenceOptions(), _now);
        builder.Add(Event("1", "purchase", Person.Customer("x"), "a"));
        builder.Add(Event("2", "undo", Person.Customer("y"), null) with { UndoesEventId = "1" });
        Assert.Equal(1, builder.Build().Matrix.Count);
    }

    [Fact]
    public void An_event_that_is_refused_is_not_added()
    {
        var builder = new TrainingSetBuilder(new ConfidenceOptions(), _now);
        Assert.Throws<ArgumentException>(() => builder.Add(Event("1", "view", Person.Customer("x"), null)));
        TrainingSet set = builder.Build();
        Assert.Equal((0, 0, 0L), (set.People.Count, set.Items.Count, set.Matrix.Count));
    }

    private static List<ShopEvent> RandomLog(int seed, ConfidenceOptions options)
    {
        var random = new Random(seed);
        string[] types = [.. options.KnownTypes];
        var log = new List<ShopEvent>();
        for (int k = 0; k < 3000; k++)
        {
            string type = types[random.Next(types.Length)];
            Person person = random.Next(2) == 0 ? Person.Customer($"p{random.Next(20)}") : Person.Visitor($"p{random.Next(20)}");
            ShopEvent[] mine = [.. log.Where(happened => happened.Person == person)];
            if (type == EventTypes.Undo && mine.Length == 0) continue;
            log.Add(Event($"e{k}", type, person, type == EventTypes.Undo ? null : $"i{random.Next(12)}") with
            {
                Quantity = 1 + random.Next(5),
                Rating = random.Next(6),
                OccurredAt = _now.AddDays(-random.Next(900)),
                UndoesEventId = type == EventTypes.Undo ? mine[random.Next(mine.Length)].EventId : null,
            });
        }
        return log;
    }

    private static ShopEvent Event(string id, string type, Person person, string? item) =>
        new() { EventId = id, Type = type, Person = person, ItemId = item, OccurredAt = _now };
}

using Recommender.Evaluation;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.MlNet;
using Recommender.Models;
using Recommender.Scoring;
using Recommender.Tests.Models;

namespace Recommender.Tests.MlNet;

public sealed class ImportedModelTests
{
    private const int Kinds = 3, CustomersEach = 12, ItemsEach = 6;

    // What was wanted is estimated as 4.5 of 5 stars, all else as 0.
    private const float Stars = 4.5f;

    [Fact]
    public void Customers_of_an_imported_model_are_offered_the_one_item_of_their_kind_they_lack()
    {
        TrainingSet set = SmallShop.Kinds(Kinds, CustomersEach, ItemsEach);
        TrainedModel model = Import(Planted(set), set);
        var scorer = new Scorer(model);
        var everything = new ItemMask(model.Items.Count);
        everything.SetAll();
        var top = new ScoredItem[1];
        for (int customer = 0; customer < set.People.Count; customer++)
        {
            int[] history = [.. set.Matrix.Row(customer).Columns.ToArray().Select(item => Number(model, set.Items[item]))];
            scorer.Personalised(history, Enumerable.Repeat(1f, history.Length).ToArray(), everything, history, top);
            Assert.Equal(set.Items[SmallShop.LackedItem(customer, Kinds, ItemsEach)], model.Items[top[0].Item]);
        }
    }

    [Fact]
    public void The_card_says_where_the_model_comes_from_and_the_recipe_what_it_is()
    {
        TrainedModel model = Import(Planted(SmallShop.Kinds(Kinds, CustomersEach, ItemsEach)), SmallShop.Kinds(Kinds, CustomersEach, ItemsEach));
        Assert.Equal("movies.zip", model.Card.Origin);
        Assert.Equal(Kinds, model.Card.Recipe.Factorization.Factors);
        Assert.Empty(model.Similarities);
        Assert.Equal(0, model.Card.HeldOutShare);
    }

    [Fact]
    public void Factors_fitted_to_stars_come_to_the_scale_on_which_what_was_wanted_is_one_and_both_sides_balance()
    {
        TrainingSet set = SmallShop.Kinds(Kinds, CustomersEach, ItemsEach);
        TrainedModel model = Import(Planted(set), set);
        FactorMatrix customers = model.Customers!.Factors;
        for (int customer = 0; customer < set.People.Count; customer++)
        {
            foreach (int item in set.Matrix.Row(customer).Columns)
                Assert.Equal(1, Dot(customers.Row(Number(model.Customers.People, set.People[customer])), model.ItemFactors.Row(Number(model, set.Items[item]))), 1e-4);
        }
        // At the minimum of our objective the regularisation of both sides is the same.
        FactorizationOptions options = SmallShop.Recipe().Factorization;
        InteractionMatrix items = set.Matrix.Transpose();
        double ofCustomers = Enumerable.Range(0, customers.Rows).Sum(row => options.Ridge(set.Matrix.Row(row).Total, model.Items.Count) * Dot(customers.Row(row), customers.Row(row)));
        double ofItems = Enumerable.Range(0, model.Items.Count).Sum(row => options.Ridge(items.Row(row).Total, customers.Rows) * Dot(model.ItemFactors.Row(row), model.ItemFactors.Row(row)));
        Assert.Equal(1, ofCustomers / ofItems, 1e-3);
    }

    [Fact]
    public void Vectors_of_customers_rank_items_as_ml_net_does()
    {
        TrainingSet set = SmallShop.Random(3);
        MatrixFactorizationModel planted = Noise(set, factors: 5);
        TrainedModel model = Import(planted, set);
        for (int customer = 0; customer < set.People.Count; customer++)
        {
            int row = Number(model.Customers!.People, set.People[customer]);
            int[] ours = [.. Enumerable.Range(0, set.Items.Count).OrderBy(item => Dot(model.Customers.Factors.Row(row), model.ItemFactors.Row(Number(model, set.Items[item]))))];
            int[] theirs = [.. Enumerable.Range(0, set.Items.Count).OrderBy(item => planted.Predict(set.People[customer]["customer:".Length..], set.Items[item]))];
            Assert.Equal(theirs, ours);
        }
    }

    [Fact]
    public void Who_came_after_the_training_has_a_vector_and_new_items_wait_for_the_next_one()
    {
        TrainingSet trained = SmallShop.Kinds(Kinds, CustomersEach, ItemsEach);
        TrainingSet all = SmallShop.Kinds(Kinds, CustomersEach + 1, ItemsEach + 1);
        TrainedModel model = Import(Planted(trained), all);
        Assert.Equal(trained.Items.Count, model.Items.Count);
        Assert.Equal(all.People.Count, model.Customers!.People.Count);
        int newcomer = Number(model.Customers.People, all.People[all.People.Count - 1]);
        Assert.NotEqual(0, model.Customers.Factors.Row(newcomer).ToArray().Max(Math.Abs));
    }

    [Theory]
    [InlineData("item0", "item2")]
    [InlineData("unknown", "stranger")]
    public void What_the_shop_knows_of_buying_again_comes_along_in_the_numbers_of_the_model(string often, string seldom)
    {
        TrainingSet trained = SmallShop.Kinds(Kinds, CustomersEach, ItemsEach);
        var builder = new TrainingSetBuilder(new ConfidenceOptions(), DateTimeOffset.UnixEpoch.AddDays(100));
        foreach ((string item, int times) in new[] { ("elsewhere", 1), (often, 5), (seldom, 1) })
        {
            for (int time = 0; time < times; time++)
            {
                builder.Add(new ShopEvent
                {
                    EventId = $"{item}-{time}",
                    Type = EventTypes.Purchase,
                    Person = Person.Customer("c0"),
                    ItemId = item,
                    OccurredAt = DateTimeOffset.UnixEpoch.AddDays(7 * time),
                });
            }
        }
        TrainingSet shop = builder.Build();
        Assert.NotNull(shop.Repeats);
        TrainedModel model = Import(Planted(trained), shop);
        int[] known = [.. Enumerable.Range(0, model.Items.Count).Where(item => shop.Items.TryGetNumber(model.Items[item], out _))];
        Assert.Equal(often == "unknown" ? 0 : 2, known.Length);
        Assert.All(known, item => Assert.Equal(shop.Repeats.Shares[Number(shop.Items, model.Items[item])], model.Repeats!.Shares[item]));
        Assert.All(Enumerable.Range(0, model.Items.Count).Except(known), item => Assert.Equal(0, model.Repeats!.Shares[item]));

        var saved = new SavedModel(model);
        Assert.Equal(model.Repeats!.Days, saved.Numbers.Select(item => saved.Loaded.Repeats!.Days[item]));
    }

    [Fact]
    public void A_shop_without_events_takes_popularity_from_what_the_model_expects()
    {
        var nothing = new TrainingSetBuilder(new ConfidenceOptions(), DateTimeOffset.UnixEpoch).Build();
        TrainingSet set = SmallShop.Random(6);
        MatrixFactorizationModel planted = Noise(set, factors: 4);
        TrainedModel model = Import(planted, nothing);
        Assert.Equal(set.People.Count, model.Customers!.People.Count);
        int[] expected = [.. Enumerable.Range(0, set.Items.Count).OrderByDescending(item => Enumerable.Range(0, set.People.Count).Sum(customer => planted.Predict(customer, item)))];
        Assert.Equal(expected.Select(item => set.Items[item]), model.Popularity.Order.ToArray().Select(item => model.Items[item]));
    }

    [Fact]
    public void What_was_never_trained_is_left_out_and_a_model_of_nothing_else_is_refused()
    {
        TrainingSet set = SmallShop.Kinds(Kinds, CustomersEach, ItemsEach);
        MatrixFactorizationModel planted = Planted(set);
        float[] items = planted.Items.Values.ToArray();
        items[0] = float.NaN;
        var holed = new SavedFactorization(planted.Saved.Rows with { Values = items }, planted.Saved.Columns, Kinds);
        Assert.Equal(set.Items.Count - 1, Import(new MatrixFactorizationModel(holed, MatrixSide.Columns), set).Items.Count);
        items.AsSpan().Fill(float.NaN);
        var empty = new SavedFactorization(planted.Saved.Rows with { Values = items }, planted.Saved.Columns, Kinds);
        Assert.Throws<InvalidModelException>(() => Import(new MatrixFactorizationModel(empty, MatrixSide.Columns), set));
    }

    [Fact]
    public void A_model_exported_to_ml_net_scores_as_its_factors_do()
    {
        TrainingSet set = SmallShop.Random(5);
        TrainedModel model = SmallShop.Train(set, SmallShop.Recipe());
        SavedFactorization saved = MlNetFixtures.Read(MlNetFixtures.Write(ExportedModel.Of(model, "userId", "movieId")));
        var exported = new MatrixFactorizationModel(saved, CustomerColumn.Choose(saved, name: null, out _));
        for (int customer = 0; customer < set.People.Count; customer++)
        {
            for (int item = 0; item < set.Items.Count; item++)
            {
                float expected = Dot(model.Customers!.Factors.Row(customer), model.ItemFactors.Row(item));
                Assert.Equal(expected, exported.Predict(set.People[customer]["customer:".Length..], set.Items[item]));
            }
        }
    }

    [Fact]
    public void Visitors_and_answers_stay_behind_when_a_model_is_exported()
    {
        var people = new VocabularyBuilder();
        foreach (string key in (string[])["visitor:v", "customer:c", "customer:d"]) people.Add(key);
        var items = new VocabularyBuilder();
        foreach (string key in (string[])["a", "answer\tq\tgenre\tcrime", "b"]) items.Add(key);
        var set = new TrainingSet(people.Build(), items.Build(), InteractionMatrix.FromPairs(3, 3, [(0, 0), (1, 1), (1, 2), (2, 0), (2, 2)]));
        SavedFactorization saved = ExportedModel.Of(SmallShop.Train(set, SmallShop.Recipe(factors: 2)), "u", "i");
        Assert.Equal(("c", "d", 2), (saved.Columns.Keys[0], saved.Columns.Keys[1], saved.Columns.Keys.Count));
        Assert.Equal(("a", "b", 2), (saved.Rows.Keys[0], saved.Rows.Keys[1], saved.Rows.Keys.Count));
    }

    [Fact]
    public void Ml_nets_model_is_measured_by_its_own_predictions()
    {
        TrainingSet set = SmallShop.Kinds(Kinds, CustomersEach, ItemsEach);
        var lacked = InteractionMatrix.FromPairs(set.People.Count, set.Items.Count,
            Enumerable.Range(0, set.People.Count).Select(customer => (customer, SmallShop.LackedItem(customer, Kinds, ItemsEach))));
        var ranking = new SavedRanking("as it is", Planted(set), set.People, set.Items);
        Assert.Equal((set.People.Count, set.Items.Count), (ranking.KnownPeople, ranking.KnownItems));
        RankingResult result = RankingEvaluation.Run([ranking], set.Matrix, lacked, new EvaluationOptions { Cutoffs = [1], Threads = 2 }, ranked: null, CancellationToken.None)[0];
        Assert.Equal(1, result.At(1).MeanRecall);
    }

    [Fact]
    public void A_ranking_of_people_and_items_that_the_model_does_not_know_is_empty()
    {
        TrainingSet set = SmallShop.Kinds(Kinds, CustomersEach, ItemsEach), known = SmallShop.Kinds(Kinds, 1, 2);
        IRanker ranker = new SavedRanking("as it is", Planted(known), set.People, set.Items).Ranker(5);
        var everything = new ItemMask(set.Items.Count);
        everything.SetAll();
        Assert.Equal(0, ranker.Rank(Kinds, set.Matrix.Row(Kinds), everything, []).Length);
        Assert.Equal(5, ranker.Rank(0, set.Matrix.Row(0), everything, []).Length);
        Assert.Equal(known.Items.Count - 1, new SavedRanking("as it is", Planted(known), set.People, set.Items).Ranker(50).Rank(0, set.Matrix.Row(0), everything, [0]).Length);
    }

    /// <summary>One factor a kind: customers and items of it meet in it, with unequal shares of the product.</summary>
    private static MatrixFactorizationModel Planted(TrainingSet set)
    {
        int items = set.Items.Count / Kinds;
        return Of(set, Kinds, (customer, factor) => customer % Kinds == factor ? Stars / 0.5f : 0, (item, factor) => item / items == factor ? 0.5f : 0);
    }

    private static MatrixFactorizationModel Noise(TrainingSet set, int factors)
    {
        var random = new Random(4);
        return Of(set, factors, (_, _) => (float)random.NextDouble(), (_, _) => (float)random.NextDouble());
    }

    private static MatrixFactorizationModel Of(TrainingSet set, int factors, Func<int, int, float> ofCustomer, Func<int, int, float> ofItem)
    {
        var rows = new SavedSide("movieId", "movieKey", KeyVocabulary.OfTexts([.. Enumerable.Range(0, set.Items.Count).Select(item => set.Items[item])]), Values(set.Items.Count, ofItem));
        string[] people = [.. Enumerable.Range(0, set.People.Count).Select(customer => set.People[customer]["customer:".Length..])];
        return new MatrixFactorizationModel(new SavedFactorization(rows, new SavedSide("userId", "userKey", KeyVocabulary.OfTexts(people), Values(people.Length, ofCustomer)), factors),
            MatrixSide.Columns);

        float[] Values(int count, Func<int, int, float> of) => [.. Enumerable.Range(0, count * factors).Select(at => of(at / factors, at % factors))];
    }

    private static TrainedModel Import(MatrixFactorizationModel model, TrainingSet known) => ImportedModel.Of(model, known, SmallShop.Recipe(), "movies.zip",
        new TrainingConditions { Threads = 2, AvailableBytes = SmallShop.PlentyOfMemory }, CancellationToken.None);

    private static int Number(TrainedModel model, string item) => Number(model.Items, item);

    private static int Number(Vocabulary vocabulary, string id) => vocabulary.TryGetNumber(id, out int number) ? number : throw new ArgumentException(id);

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int factor = 0; factor < a.Length; factor++) sum += a[factor] * b[factor];
        return sum;
    }
}

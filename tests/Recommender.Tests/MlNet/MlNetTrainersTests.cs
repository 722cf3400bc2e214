using Microsoft.ML;
using Microsoft.ML.Data;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.MlNet;
using Recommender.Models;
using Recommender.Scoring;
using Recommender.Tests.Models;

namespace Recommender.Tests.MlNet;

/// <summary>Against the packages themselves, so only where they are.</summary>
public sealed class MlNetTrainersTests
{
    private const int Kinds = 2, CustomersEach = 15, ItemsEach = 6;

    public MlNetTrainersTests() => MlNetTrainers.Register();

    [Fact]
    public void One_class_offers_each_customer_the_one_item_of_their_kind_they_lack()
    {
        TrainingSet set = SmallShop.Kinds(Kinds, CustomersEach, ItemsEach);
        TrainedModel model = SmallShop.Train(set, Recipe(MlNetTrainers.OneClass), threads: 1);
        var scorer = new Scorer(model);
        var everything = new ItemMask(set.Items.Count);
        everything.SetAll();
        var top = new ScoredItem[1];
        for (int customer = 0; customer < set.People.Count; customer++)
        {
            int[] history = set.Matrix.Row(customer).Columns.ToArray();
            scorer.Personalised(history, Enumerable.Repeat(1f, history.Length).ToArray(), everything, history, top);
            Assert.Equal(SmallShop.LackedItem(customer, Kinds, ItemsEach), top[0].Item);
        }
    }

    [Fact]
    public void Regression_learns_the_confidences_it_is_given()
    {
        // Customers of one kind are three times as sure as those of the other.
        var starts = Enumerable.Range(0, 21).Select(row => 8L * row).ToArray();
        int[] columns = [.. Enumerable.Range(0, 160).Select(at => at % 8)];
        float[] confidences = [.. Enumerable.Range(0, 160).Select(at => at / 8 % 2 == 0 ? 1.5f : 0.5f)];
        TrainedModel model =
            SmallShop.Train(SmallShop.Set(20, new InteractionMatrix(8, starts, columns, confidences)), Recipe(MlNetTrainers.Regression),
                threads: 1);
        float sure = Score(model, 0, 3), unsure = Score(model, 1, 3);
        Assert.InRange(sure / unsure, 2, 4);
    }

    [Fact]
    public void What_we_export_ml_net_loads_and_predicts_to_the_bit()
    {
        TrainingSet set = SmallShop.Random(8);
        SavedFactorization saved = ExportedModel.Of(SmallShop.Train(set, SmallShop.Recipe()), "userId", "movieId");
        var ml = new MLContext(seed: 1);
        ITransformer loaded = ml.Model.Load(new MemoryStream(MlNetFixtures.Write(saved)), out DataViewSchema schema);
        Assert.Equal(["userId", "movieId", "Label"], schema.Select(column => column.Name));
        Pair[] pairs =
            [.. from user in Enumerable.Range(0, 60) from item in Enumerable.Range(0, 45)
                select new Pair { userId = $"c{user}", movieId = $"item{item}" }, new Pair { userId = "nobody", movieId = "item0" }];
        float[] scores = [.. loaded.Transform(ml.Data.LoadFromEnumerable(pairs)).GetColumn<float>("Score")];
        var model = new MatrixFactorizationModel(saved, MatrixSide.Columns);
        Assert.Equal(pairs.Select(pair => model.Predict(pair.userId, pair.movieId)), scores);
        Assert.Equal(float.NaN, scores[^1]);
    }

    private static Recipe Recipe(string trainer) => new()
    {
        Factorization = new FactorizationOptions
        {
            Trainer = trainer,
            Factors = Kinds,
            Sweeps = 60,
            Regularisation = 0.02,
            UnobservedWeight = 0.1,
            RegularisationExponent = 0,
        },
    };

    private static float Score(TrainedModel model, int customer, int item)
    {
        float sum = 0;
        for (int factor = 0; factor < model.ItemFactors.Factors; factor++)
            sum += model.Customers!.Factors.Row(customer)[factor] * model.ItemFactors.Row(item)[factor];
        return sum;
    }

    private sealed class Pair
    {
#pragma warning disable IDE1006 // ML.NET takes the names of columns from those of properties.
        public string userId { get; set; } = "";

        public string movieId { get; set; } = "";
#pragma warning restore IDE1006

        public float Label { get; set; }
    }
}

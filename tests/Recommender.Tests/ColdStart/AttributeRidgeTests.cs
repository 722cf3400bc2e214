using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Interactions;

namespace Recommender.Tests.ColdStart;

public sealed class AttributeRidgeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_normal_equations_hold(int threads)
    {
        const int Items = 60, Features = 14, Columns = 11;
        const double Regularisation = 0.7;
        var random = new Random(3);
        var features = InteractionMatrix.FromPairs(Items, Features, Enumerable.Range(0, 220).Select(_ => (random.Next(Items), random.Next(Features))));
        float[] trust = [.. Enumerable.Range(0, Items).Select(item => item % 7 == 0 ? 0 : (float)random.NextDouble())];
        var targets = new FactorMatrix(Items, Columns);
        for (int item = 0; item < Items; item++)
        {
            foreach (ref float value in targets.MutableRow(item)) value = (float)(random.NextDouble() - 0.3);
        }

        (FactorMatrix weights, float[] mean) = AttributeRidge.Fit(features, trust, targets, Regularisation, threads, CancellationToken.None);

        for (int column = 0; column < Columns; column++)
        {
            Assert.Equal(Enumerable.Range(0, Items).Sum(item => trust[item] * targets.Row(item)[column]) / trust.Sum(), mean[column], 4);
            var gradient = new double[Features];
            for (int item = 0; item < Items; item++)
            {
                InteractionRow row = features.Row(item);
                double missed = targets.Row(item)[column] - mean[column];
                foreach (int feature in row.Columns) missed -= weights.Row(feature)[column];
                foreach (int feature in row.Columns) gradient[feature] += trust[item] * missed;
            }
            for (int feature = 0; feature < Features; feature++) Assert.Equal(Regularisation * weights.Row(feature)[column], gradient[feature], 2e-3);
        }
    }
}

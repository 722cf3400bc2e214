using Recommender.Factorization;
using Recommender.Models;
using Recommender.Tests.Factorization;
using Recommender.Tests.Models;

namespace Recommender.Tests.Questionnaires;

public sealed class BeliefTests
{
    private const int Factors = 12;
    private static readonly TrainedModel _model = SmallShop.Train(SmallShop.Random(4, customers: 300, items: 80), SmallShop.Recipe(Factors));
    private readonly Belief _belief = new(_model.ItemFactors, _model.Taste, _model.Rates, VectorKernels.Best);

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(70)]
    public void The_updated_covariance_is_the_inverse_of_the_summed_precisions(int answers)
    {
        double[,] precision = Inverse(Covariance(_model.Taste.Covariance));
        foreach ((int item, bool yes, float confidence) in Answers(answers))
        {
            _belief.Observe(item, yes, confidence);
            double rate = _model.Rates.Of(item), noise = Noise(item) / confidence;
            ReadOnlySpan<float> h = _model.ItemFactors.Row(item);
            for (int i = 0; i < Factors; i++)
            {
                for (int j = 0; j < Factors; j++) precision[i, j] += rate * rate / noise * h[i] * h[j];
            }
        }
        double[,] expected = Inverse(precision), actual = Covariance(Present());
        double scale = Enumerable.Range(0, Factors).Max(i => _model.Taste.Covariance.Row(i)[i]);
        for (int i = 0; i < Factors; i++)
        {
            for (int j = 0; j < Factors; j++) Assert.Equal(expected[i, j], actual[i, j], 1e-4 * scale);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(90)]
    public void Answers_taken_in_together_say_the_same_and_so_do_the_terms_of_several_items(int answers)
    {
        var given = Answers(answers).ToArray();
        var together = new Belief(_model.ItemFactors, _model.Taste, _model.Rates, VectorKernels.Best);
        foreach ((int item, _, float confidence) in given) _belief.Observe(item, yes: true, confidence);
        together.Observe([.. given.Select(one => one.Item)], yes: true, [.. given.Select(one => one.Confidence)]);
        for (int item = 0; item < 80; item++) Assert.Equal(_belief.Expected(item), together.Expected(item), 1e-4);
        var targets = new FactorMatrix(13, Factors);
        for (int k = 0; k < 13; k++) _model.ItemFactors.Row(5 * k).CopyTo(targets.MutableRow(k));
        float[] ofAll = new float[13 * answers], alone = new float[answers];
        together.Terms(targets, 13, ofAll);
        for (int k = 0; k < 13; k++)
        {
            together.Terms(5 * k, alone);
            Assert.Equal(alone, ofAll[(k * answers)..((k + 1) * answers)]);
            Assert.Equal(together.Expected(5 * k) - _model.Taste.Shares[5 * k], alone.Sum(), 1e-3);
        }
    }

    [Fact]
    public void No_answer_ever_makes_anything_less_certain()
    {
        double[] before = Variances();
        foreach ((int item, bool yes, float confidence) in Answers(30))
        {
            _belief.Observe(item, yes, confidence);
            double[] after = Variances();
            for (int k = 0; k < after.Length; k++) Assert.InRange(after[k], -1e-6, before[k] + 1e-6);
            before = after;
        }
    }

    [Fact]
    public void The_order_of_the_answers_does_not_matter_and_the_terms_add_up()
    {
        var answers = Answers(15).ToArray();
        foreach ((int item, bool yes, float confidence) in answers) _belief.Observe(item, yes, confidence);
        double[] forward = [.. Enumerable.Range(0, 80).Select(item => (double)_belief.Expected(item))];
        var terms = new float[15];
        foreach (int item in (int[])[0, 7, answers[3].Item])
        {
            _belief.Terms(item, terms);
            Assert.Equal(HalfStepTests.Dot(_belief.Mean.Row(0), _model.ItemFactors.Row(item)), terms.Sum(term => (double)term), 1e-4);
        }
        _belief.Start();
        foreach ((int item, bool yes, float confidence) in answers.Reverse()) _belief.Observe(item, yes, confidence);
        for (int item = 0; item < 80; item++) Assert.Equal(forward[item], _belief.Expected(item), 1e-4);
    }

    [Fact]
    public void A_yes_raises_the_item_and_a_no_lowers_it_and_a_new_respondent_starts_from_the_shares()
    {
        int item = _model.Popularity.Order[3];
        float share = _belief.Expected(item);
        Assert.Equal(_model.Taste.Shares[item], share, 1e-6);
        _belief.Observe(item, yes: true, 1);
        Assert.True(_belief.Expected(item) > share);
        _belief.Start();
        _belief.Observe(item, yes: false, 1);
        Assert.True(_belief.Expected(item) < share);
    }

    [Fact]
    public void The_prior_is_the_same_at_any_number_of_threads_and_its_shares_are_the_people_who_have_the_item()
    {
        var set = SmallShop.Random(9, customers: 200, items: 50);
        var one = SmallShop.Train(set, SmallShop.Recipe(Factors), threads: 1);
        var three = SmallShop.Train(set, SmallShop.Recipe(Factors), threads: 3);
        Assert.Equal(one.Taste.Covariance.Padded.ToArray(), three.Taste.Covariance.Padded.ToArray());
        var columns = set.Matrix.Transpose();
        for (int item = 0; item < 50; item++)
        {
            double having = 0;
            for (int k = 0; k < columns.Row(item).Length; k++) having += Math.Min(1, columns.Row(item).Confidence(k));
            Assert.Equal(having / 200, one.Taste.Shares[item], 1e-5);
        }
    }

    private static IEnumerable<(int Item, bool Yes, float Confidence)> Answers(int count)
    {
        var random = new Random(count);
        for (int k = 0; k < count; k++) yield return (random.Next(79), random.Next(3) == 0, k % 4 == 3 ? 0.3f : 1);
    }

    private double Noise(int item)
    {
        ReadOnlySpan<float> h = _model.ItemFactors.Row(item);
        double prior = 0, rate = _model.Rates.Of(item), share = Math.Clamp(rate * _model.Taste.Shares[item], 0.001, 0.999);
        for (int i = 0; i < Factors; i++)
        {
            for (int j = 0; j < Factors; j++) prior += h[i] * (double)_model.Taste.Covariance.Row(i)[j] * h[j];
        }
        return Math.Max(share * (1 - share) - rate * rate * prior, 0.1 * share * (1 - share));
    }

    private double[] Variances()
    {
        FactorMatrix covariance = Present();
        return [.. Enumerable.Range(0, 80).Select(item =>
        {
            double sum = 0;
            for (int i = 0; i < Factors; i++) sum += _model.ItemFactors.Row(item)[i] * HalfStepTests.Dot(covariance.Row(i), _model.ItemFactors.Row(item));
            return sum;
        })];
    }

    private FactorMatrix Present()
    {
        var covariance = new FactorMatrix(Factors, Factors);
        _belief.CopyCovariance(covariance);
        return covariance;
    }

    private static double[,] Covariance(FactorMatrix matrix)
    {
        var dense = new double[Factors, Factors];
        for (int i = 0; i < Factors; i++)
        {
            for (int j = 0; j < Factors; j++) dense[i, j] = matrix.Row(i)[j];
        }
        return dense;
    }

    private static double[,] Inverse(double[,] matrix)
    {
        int d = matrix.GetLength(0);
        var a = (double[,])matrix.Clone();
        var inverse = new double[d, d];
        for (int i = 0; i < d; i++) inverse[i, i] = 1;
        for (int p = 0; p < d; p++)
        {
            double pivot = a[p, p];
            for (int j = 0; j < d; j++) (a[p, j], inverse[p, j]) = (a[p, j] / pivot, inverse[p, j] / pivot);
            for (int i = 0; i < d; i++)
            {
                if (i == p) continue;
                double factor = a[i, p];
                for (int j = 0; j < d; j++) (a[i, j], inverse[i, j]) = (a[i, j] - factor * a[p, j], inverse[i, j] - factor * inverse[p, j]);
            }
        }
        return inverse;
    }
}

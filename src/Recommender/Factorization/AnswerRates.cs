using Recommender.Interactions;

namespace Recommender.Factorization;

/// <summary>
/// How often a column is answered with yes when it is asked about, over how often people have it in the training set. For an item it is
/// the recipe's rate: not everybody who would choose it says so. An answer's option was seen only of those who were ever asked its
/// question, so among people who are asked it is as much more frequent as they are fewer.
/// </summary>
/// <remarks>
/// A column is an option where its key has a TAB, which no item id has; what precedes the last TAB is the question. How an option goes
/// with tastes is known from those who chose it, often few, whose other likings are in part chance; so its slope is shrunk by their number,
/// or else a question would look telling because its answers are rare. The less of the answer's variance tastes leave unexplained, the less
/// of it can be chance: the doubt is that part of <see cref="Doubt"/>, as the variance of a regression's slope is.
/// </remarks>
internal sealed class AnswerRates
{
    // Below this part of all people a question is too rarely answered to say how its answers divide.
    private const float FewestAnswered = 0.005f;

    // An option chosen by so many people is believed half, if tastes explain little of who chose it.
    private const float Doubt = 200;

    // Those who chose an option are never so much alike that nothing of it could be chance.
    private const float LeastUnexplained = 0.1f;

    private readonly float _ofItems;
    private readonly Dictionary<int, (float Rate, float Slope)> _ofOptions = [];

    /// <param name="columns">Keys of items and options.</param>
    /// <param name="factors">A row a column.</param>
    /// <param name="prior">Shares and how tastes vary.</param>
    /// <param name="people">How many people those were estimated from.</param>
    /// <param name="ofItems">The recipe's rate.</param>
    public AnswerRates(Vocabulary columns, FactorMatrix factors, TastePrior prior, long people, double ofItems)
    {
        _ofItems = (float)ofItems;
        var answered = new Dictionary<string, float>(StringComparer.Ordinal);
        var options = new List<(int Column, string Question)>();
        for (int column = 0; column < columns.Count; column++)
        {
            if (QuestionOf(columns[column]) is not { } question) continue;
            options.Add((column, question));
            answered[question] = answered.GetValueOrDefault(question) + prior.Shares[column];
        }
        foreach ((int column, string question) in options)
        {
            float rate = 1 / Math.Clamp(answered[question], FewestAnswered, 1), chosen = prior.Shares[column] * people;
            float doubt = Doubt * Unexplained(rate * prior.Shares[column], rate * rate * prior.VarianceOf(factors.Row(column)));
            _ofOptions[column] = (rate, rate * chosen / (chosen + doubt));
        }
    }

    /// <summary>Whether a column is an answer's option, not an item.</summary>
    public bool IsOption(int column) => _ofOptions.Count > 0 && _ofOptions.ContainsKey(column);

    /// <summary>Chance of a yes over the share of people who have the column.</summary>
    public float Of(int column) => _ofOptions.Count > 0 && _ofOptions.TryGetValue(column, out var option) ? option.Rate : _ofItems;

    /// <summary>How much the chance of a yes rises with the expected column; the rate, less what may be chance.</summary>
    public float SlopeOf(int column) => _ofOptions.Count > 0 && _ofOptions.TryGetValue(column, out var option) ? option.Slope : _ofItems;

    private static float Unexplained(float chance, float explained)
    {
        float variance = chance * (1 - chance);
        return variance > 0 ? Math.Clamp(1 - explained / variance, LeastUnexplained, 1) : 1;
    }

    private static string? QuestionOf(string key) => key.LastIndexOf('\t') is >= 0 and var tab ? key[..tab] : null;
}

using Recommender.Interactions;

namespace Recommender.Factorization;

/// <summary>
/// How often a column is answered with yes when it is asked about, over how often people have it in the training set. For an item it is
/// the recipe's rate: not everybody who would choose it says so. An answer's option was seen only of those who were ever asked its
/// question, so among people who are asked it is as much more frequent as they are fewer.
/// </summary>
/// <remarks>A column is an option where its key has a TAB, which no item id has; what precedes the last TAB is the question.</remarks>
internal sealed class AnswerRates
{
    // Below this part of all people a question is too rarely answered to say how its answers divide.
    private const float FewestAnswered = 0.005f;

    private readonly float _ofItems;
    private readonly Dictionary<int, float> _ofOptions = [];

    public AnswerRates(Vocabulary columns, float[] shares, double ofItems)
    {
        _ofItems = (float)ofItems;
        var answered = new Dictionary<string, float>(StringComparer.Ordinal);
        for (int column = 0; column < columns.Count; column++)
        {
            if (QuestionOf(columns[column]) is { } question) answered[question] = answered.GetValueOrDefault(question) + shares[column];
        }
        if (answered.Count == 0) return;
        for (int column = 0; column < columns.Count; column++)
        {
            if (QuestionOf(columns[column]) is { } question) _ofOptions[column] = 1 / Math.Clamp(answered[question], FewestAnswered, 1);
        }
    }

    public float Of(int column) => _ofOptions.Count > 0 && _ofOptions.TryGetValue(column, out float rate) ? rate : _ofItems;

    private static string? QuestionOf(string key) => key.LastIndexOf('\t') is >= 0 and var tab ? key[..tab] : null;
}

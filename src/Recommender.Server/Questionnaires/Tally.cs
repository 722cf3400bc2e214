using System.Globalization;
using Recommender.Catalogue;
using Recommender.Interactions;
using Recommender.Questionnaires;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Questionnaires;

/// <summary>Counts the answers to one question, and withholds what would tell of few people.</summary>
internal static class Tally
{
    public static Wire.QuestionResult Of(Question question, IReadOnlyDictionary<Person, Answer> answers, IReadOnlyDictionary<Person, string[]> segments,
        int minPeople, string language, Shelves shelves)
    {
        var result = new Wire.QuestionResult { QuestionId = question.Id, Text = question.Text.In(language) };
        if (answers.Count < minPeople) return result;
        result.All = Group(question, "", [.. answers.Values], language, shelves);
        if (segments.Count == 0) return result;
        var groups = answers.SelectMany(one => segments[one.Key].Select(segment => (segment, one.Value)))
            .GroupBy(one => one.segment, one => one.Value, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).ToArray();
        // One small group could be told from the whole and the others: what is withheld must be enough people together.
        int shown = groups.Count(group => group.Count() >= minPeople);
        while (shown > 0 && shown < groups.Length && groups.Skip(shown).Sum(group => group.Count()) < minPeople) shown--;
        result.Groups.AddRange(groups.Take(shown).Select(group => Group(question, group.Key, [.. group], language, shelves)));
        result.WithheldGroups = groups.Length - shown;
        return result;
    }

    private static Wire.ResultGroup Group(Question question, string segment, Answer[] answers, string language, Shelves shelves)
    {
        AnswerValue[] given = [.. answers.Select(answer => answer.Value).OfType<AnswerValue>()];
        var group = new Wire.ResultGroup { Segment = segment, People = given.Length, Declined = answers.Length - given.Length };
        group.Counts.AddRange(Counts(question, given, language, shelves));
        double[] numbers = [.. given.Select(value => value switch { AnswerValue.Scale scale => scale.Point, AnswerValue.Number number => number.Value, _ => (double?)null }).OfType<double>()];
        if (numbers.Length > 0) group.Mean = numbers.Average();
        double[] scores = [.. given.Select(question.ScoreOf).OfType<double>()];
        if (scores.Length > 0) group.MeanScore = scores.Average();
        return group;
    }

    private static IEnumerable<Wire.ResultCount> Counts(Question question, AnswerValue[] given, string language, Shelves shelves)
    {
        var counts = given.SelectMany(Named).CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var known = question switch
        {
            Question.Choice choice => choice.Options.Select(option => (option.Id, Text: option.Text.In(language))),
            Question.Scale scale => Enumerable.Range(scale.From, scale.To - scale.From + 1)
                .Select(point => (point.ToString(CultureInfo.InvariantCulture), Text: scale.Labels.GetValueOrDefault(point, LocalText.Empty).In(language))),
            _ => counts.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Take(QuestionnaireRules.MostItems)
                .Select(one => (one.Key, Text: shelves.Find(one.Key.Split(' ', 2)[^1])?.Title ?? one.Key)),
        };
        var listed = known.ToArray();
        // Options that another version had are counted too: the answers still stand.
        var others = counts.Keys.Except(listed.Select(one => one.Item1), StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => (name, Text: name));
        return listed.Concat(question is Question.Choice or Question.Scale ? others : [])
            .Select(one => new Wire.ResultCount { Value = one.Item1, Text = one.Text, People = counts.GetValueOrDefault(one.Item1) });
    }

    private static IEnumerable<string> Named(AnswerValue value) => value switch
    {
        AnswerValue.Choice choice => choice.OptionIds,
        AnswerValue.Scale scale => [scale.Point.ToString(CultureInfo.InvariantCulture)],
        AnswerValue.Items items => items.Opinions.Select(one => $"{one.Opinion.ToString().ToLowerInvariant()} {one.ItemId}"),
        _ => [],
    };
}

using Grpc.Core;
using Recommender.Expressions;
using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Server.Errors;
using Recommender.Server.Serving;

namespace Recommender.Server.Questionnaires;

/// <summary>
/// What asking would teach of one person at one moment, and which items to show them. The live model says so; without one no question
/// teaches more than another, and what is shown is what the catalogue has. Dispose it, it holds scratch memory of the model.
/// </summary>
internal sealed class Asking : IDisposable
{
    // Among so many popular items there are enough telling ones, and people know them.
    private const int Shortlist = 40;

    // What a longer history adds to the next question is not worth its time, which grows with the square.
    private const int MostTold = 200;

    private readonly Questionnaire _questionnaire;
    private readonly History _history;
    private readonly Moment _now;
    private readonly AnswerMeanings _meanings;
    private readonly CancellationToken _cancellation;
    private readonly Elicitation? _elicitation;
    private readonly Dictionary<string, (IReadOnlyList<string> Ids, double Gain)> _items = new(StringComparer.Ordinal);

    public Asking(Questionnaire questionnaire, History history, Moment now, AnswerMeanings meanings, CancellationToken cancellation)
    {
        (_questionnaire, _history, _now, _meanings, _cancellation) = (questionnaire, history, now, meanings, cancellation);
        _elicitation = now.Live.Elicitations?.Get();
        if (_elicitation is not null) Tell(_elicitation);
    }

    /// <summary>The part of what is uncertain that an answer is expected to settle; null where that cannot be said.</summary>
    public double? GainOf(Question question)
    {
        if (_elicitation is null) return null;
        double chanceAnswered = _elicitation.ChanceAnswered(_questionnaire.Id, question.Id);
        if (question is Question.Items items) return Chosen(items).Gain * chanceAnswered;
        var columns = new List<int>();
        var confidences = new List<float>();
        foreach (var (option, _, _) in AnswerMeanings.OptionsOf(question))
        {
            var speaking = _now.Live.Stated.Of(AnswerColumns.KeyOf(_questionnaire.Id, question.Id, option), _now, _meanings);
            foreach (int column in speaking)
            {
                columns.Add(column);
                confidences.Add(1f / speaking.Length);
            }
        }
        return columns.Count == 0 ? null : _elicitation.ExpectedGain([.. columns], [.. confidences], chanceAnswered);
    }

    /// <summary>The items of a question: the author's, or some that are popular, telling, and not dealt with before.</summary>
    public IReadOnlyList<string> ItemsOf(Question question) => question is Question.Items items ? Chosen(items).Ids : [];

    public void Dispose()
    {
        if (_elicitation is not null) _now.Live.Elicitations!.Return(_elicitation);
    }

    private void Tell(Elicitation elicitation)
    {
        elicitation.Start(_now.Shelves.Eligible);
        var evidence = Evidence.Of(_history, new RecommendQuery(), _now, _meanings, offerAgain: true);
        float[] confidences = evidence.Confidences.ToArray();
        int[] columns = evidence.Items.ToArray();
        foreach (int k in Enumerable.Range(0, columns.Length).OrderByDescending(k => confidences[k]).Take(MostTold)) elicitation.Tell(columns[k], yes: true, confidences[k]);
        foreach (int column in evidence.Refused) elicitation.Tell(column, yes: false);
    }

    private (IReadOnlyList<string> Ids, double Gain) Chosen(Question.Items question)
    {
        if (_items.TryGetValue(question.Id, out var chosen)) return chosen;
        return _items[question.Id] = question.ItemIds.IsEmpty ? Choose(question) : OfAuthor(question);
    }

    private (IReadOnlyList<string> Ids, double Gain) OfAuthor(Question.Items question)
    {
        string[] listed = [.. question.ItemIds.Where(itemId => _now.Shelves.Find(itemId) is not null)];
        return (listed, _elicitation is null ? 0 : GainOf(_elicitation, _now.LearnedNumbers(listed)));
    }

    // Of each item beside those before it, as far as people know it.
    private static double GainOf(Elicitation elicitation, int[] items)
    {
        double gain = 0, jointly = 0;
        for (int k = 0; k < items.Length; k++)
        {
            double with = elicitation.ExpectedGain(items.AsSpan(..(k + 1)), [], chanceAnswered: 1);
            gain += (with - jointly) * elicitation.ChanceOf(items[k]);
            jointly = with;
        }
        return gain;
    }

    /// <summary>One after the other, each the most telling beside those before it: two that tell the same are not both asked about.</summary>
    private (IReadOnlyList<string> Ids, double Gain) Choose(Question.Items question)
    {
        var candidates = Candidates(question).Take(_elicitation is null ? question.Adaptive : Math.Max(Shortlist, question.Adaptive)).ToList();
        if (_elicitation is not { } elicitation) return ([.. candidates.Select(_now.IdOf)], 0);
        var chosen = new List<int>();
        double jointly = 0;
        while (chosen.Count < question.Adaptive && candidates.Count > 0)
        {
            _cancellation.ThrowIfCancellationRequested();
            int best = candidates.MaxBy(item => (elicitation.ExpectedGain([.. chosen, item], [], chanceAnswered: 1) - jointly) * elicitation.ChanceOf(item));
            candidates.Remove(best);
            chosen.Add(best);
            jointly = elicitation.ExpectedGain([.. chosen], [], chanceAnswered: 1);
        }
        return ([.. chosen.Select(_now.IdOf)], GainOf(elicitation, [.. chosen]));
    }

    private IEnumerable<int> Candidates(Question.Items question)
    {
        var eligible = _now.Shelves.Eligible.Clone();
        try { eligible.And(_now.Shelves.Where(question.Filter, _cancellation)); }
        catch (ExpressionException problem)
        {
            throw new RefusedException(StatusCode.FailedPrecondition,
                $"the filter of the question \"{question.Id}\" of \"{_questionnaire.Id}\" does not fit the catalogue any more: {problem.Message}; publish a new version");
        }
        var known = _history.Entries.Select(entry => entry.ItemId).ToHashSet(StringComparer.Ordinal);
        var order = _now.Live.Model is { } model ? model.Popularity.Order.ToArray() : Enumerable.Range(0, eligible.Length);
        return order.Where(item => eligible[item] && !known.Contains(_now.IdOf(item)));
    }
}

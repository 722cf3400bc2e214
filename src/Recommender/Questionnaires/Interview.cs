using System.Collections.Immutable;

namespace Recommender.Questionnaires;

/// <summary>
/// Somebody on the way through one version of a questionnaire: what stands of their answers and what comes next. It follows from the
/// answers alone, so that who keeps them does not matter.
/// </summary>
public sealed class Interview
{
    // A question that was passed over comes back once.
    private const int MostPasses = 2;

    private readonly Questionnaire _questionnaire;
    private readonly Dictionary<string, Answer> _standing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _passes = new(StringComparer.Ordinal);
    private readonly List<string> _passedOver = [];
    private readonly Dictionary<string, bool?> _applies = new(StringComparer.Ordinal);

    /// <param name="questionnaire">The version that is gone through.</param>
    /// <param name="answers">All of them in the order in which they were given; those that do not fit the version (given to another one) are passed over.</param>
    public Interview(Questionnaire questionnaire, IEnumerable<Answer> answers)
    {
        _questionnaire = questionnaire;
        foreach (Answer answer in answers)
        {
            if (questionnaire.Find(answer.QuestionId) is { } question && !AnswerRules.Faults(question, answer, DateOnly.MaxValue).Any())
                Take(answer);
        }
    }

    /// <summary>What stands, given or declined, in the order of the questionnaire.</summary>
    public ImmutableArray<Answer> Standing => [.. _questionnaire.Questions.Select(question => StandingFor(question.Id)).OfType<Answer>()];

    public Answer? StandingFor(string questionId) => _standing.GetValueOrDefault(questionId);

    /// <summary>How many questions may still come, those that hang on others included.</summary>
    public int Remaining
    {
        get
        {
            int open = _questionnaire.Questions.Count(question => IsOpen(question.Id));
            return _questionnaire.MaxQuestions is { } most ? Math.Clamp(most - Asked, 0, open) : open;
        }
    }

    /// <summary>Whether a question is asked under the answers so far; null while that hangs on others.</summary>
    public bool? Applies(string questionId)
    {
        if (_applies.TryGetValue(questionId, out bool? known)) return known;
        _applies[questionId] = null; // published definitions have no loops; a draft that has one waits for ever
        bool? applies = _questionnaire.Find(questionId) switch
        {
            null => false,
            { When: { } when } => when.Holds(IsOpen, StandingFor),
            _ => true,
        };
        return _applies[questionId] = applies;
    }

    /// <summary>What comes next, or why nothing does.</summary>
    /// <param name="gainOf">What an answer to a question is expected to teach; null where that cannot be said (a date, no model yet).</param>
    public NextQuestion Next(Func<Question, double?> gainOf)
    {
        if (_questionnaire.MaxQuestions is { } most && Asked >= most) return new(null, Finished.EnoughAsked, null);
        Question[] open = [.. _questionnaire.Questions.Where(question => IsOpen(question.Id))];
        var gains = open.ToDictionary(question => question.Id, gainOf, StringComparer.Ordinal);
        Question[] ready = [.. open.Where(question => Applies(question.Id) == true)];
        if (ready.Length == 0) return new(null, Finished.NothingLeft, null);

        Question[] worthIt = [.. ready.Where(question => !(GainOf(question, open, gains) < _questionnaire.GainThreshold))];
        if (worthIt.Length == 0) return new(null, Finished.LittleToLearn, ready.Max(question => gains[question.Id]));
        Question[] candidates = _questionnaire.FixedOrder ? ready : worthIt;
        Question next = candidates.Where(question => !_passes.ContainsKey(question.Id)) switch
        {
            var fresh when !fresh.Any() => candidates.MinBy(question => _passedOver.IndexOf(question.Id))!,
            var fresh when _questionnaire.FixedOrder => fresh.First(),
            // Stable: equals, and those of which nothing can be said, stay in the author's order.
            var fresh => fresh.OrderByDescending(question => GainOf(question, open, gains) ?? double.NegativeInfinity).First(),
        };
        return new(next, null, open.Max(question => gains[question.Id]));
    }

    private int Asked => _questionnaire.Questions.Count(question => _standing.ContainsKey(question.Id) || _passes.ContainsKey(question.Id));

    private bool IsOpen(string questionId) =>
        !_standing.ContainsKey(questionId) && _passes.GetValueOrDefault(questionId) < MostPasses && Applies(questionId) != false;

    /// <summary>A question that others wait for is worth the best of them.</summary>
    private static double? GainOf(Question question, Question[] open, Dictionary<string, double?> gains)
    {
        double? gain = gains[question.Id];
        foreach (Question other in open)
        {
            if (other.When?.Leaves.Any(leaf => leaf.Question == question.Id) != true) continue;
            double? opened = GainOf(other, open, gains);
            if (gain is null || opened > gain) gain = opened ?? gain;
        }
        return gain;
    }

    private void Take(Answer answer)
    {
        string id = answer.QuestionId;
        switch (answer.Kind)
        {
            case AnswerKind.Skipped when _standing.ContainsKey(id):
                break; // what was said before stands
            case AnswerKind.Skipped or AnswerKind.Withdrawn:
                _standing.Remove(id);
                _passes[id] = _passes.GetValueOrDefault(id) + 1;
                _passedOver.Remove(id);
                _passedOver.Add(id);
                break;
            case AnswerKind.Given or AnswerKind.Declined:
            default:
                _standing[id] = answer;
                _passes.Remove(id);
                _passedOver.Remove(id);
                break;
        }
    }
}

public enum Finished
{
    /// <summary>Every question that applies was asked.</summary>
    NothingLeft,

    /// <summary>What is left would teach less than the author's threshold.</summary>
    LittleToLearn,

    /// <summary>The author's number of questions was asked.</summary>
    EnoughAsked,
}

/// <param name="Question">Null when finished.</param>
/// <param name="Finished">Why nothing comes; null where something does.</param>
/// <param name="RemainingGain">The most that one of the questions which may still come is expected to teach; null where that cannot be said of any.</param>
public sealed record NextQuestion(Question? Question, Finished? Finished, double? RemainingGain);

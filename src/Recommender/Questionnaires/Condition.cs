using System.Collections.Immutable;

namespace Recommender.Questionnaires;

/// <summary>
/// When a question is asked, by what was said to others. It is neither true nor false while it hangs on one that is still to be answered;
/// one that will not be answered any more was not answered.
/// </summary>
public abstract record Condition
{
    /// <summary>The question was answered with the option.</summary>
    public sealed record Chosen(string QuestionId, string OptionId) : Condition;

    /// <summary>The scale or number was answered with at least, at most, or something between; both ends included.</summary>
    public sealed record Within(string QuestionId, double? AtLeast, double? AtMost) : Condition;

    /// <summary>The question was answered, with whatever.</summary>
    public sealed record Answered(string QuestionId) : Condition;

    /// <summary>They would rather not say.</summary>
    public sealed record Declined(string QuestionId) : Condition;

    public sealed record All(ImmutableArray<Condition> Of) : Condition;

    public sealed record Any(ImmutableArray<Condition> Of) : Condition;

    public sealed record Not(Condition Of) : Condition;

    /// <summary>The conditions it is put together from that look at an answer.</summary>
    public IEnumerable<Condition> Leaves => this switch
    {
        All all => all.Of.SelectMany(one => one.Leaves),
        Any any => any.Of.SelectMany(one => one.Leaves),
        Not not => not.Of.Leaves,
        _ => [this],
    };

    /// <summary>The question a leaf looks at.</summary>
    public string? Question => this switch
    {
        Chosen leaf => leaf.QuestionId,
        Within leaf => leaf.QuestionId,
        Answered leaf => leaf.QuestionId,
        Declined leaf => leaf.QuestionId,
        _ => null,
    };

    /// <param name="isOpen">Whether a question may still be answered.</param>
    /// <param name="standing">What stands for it, given or declined; null for nothing.</param>
    /// <returns>Null while it cannot be told.</returns>
    internal bool? Holds(Func<string, bool> isOpen, Func<string, Answer?> standing)
    {
        switch (this)
        {
            case Not not:
                return !not.Of.Holds(isOpen, standing);
            case All all:
                bool?[] each = [.. all.Of.Select(one => one.Holds(isOpen, standing))];
                return each.Contains(false) ? false : each.Contains(null) ? null : true;
            case Any any:
                bool?[] some = [.. any.Of.Select(one => one.Holds(isOpen, standing))];
                return some.Contains(true) ? true : some.Contains(null) ? null : false;
            default:
                return isOpen(Question!) ? null : Fits(standing(Question!));
        }
    }

    private bool Fits(Answer? answer) => (this, answer?.Value) switch
    {
        (Declined, _) => answer?.Kind == AnswerKind.Declined,
        (Answered, var value) => value is not null,
        (Chosen leaf, AnswerValue.Choice choice) => choice.OptionIds.Contains(leaf.OptionId),
        (Within leaf, AnswerValue.Scale scale) => IsWithin(leaf, scale.Point),
        (Within leaf, AnswerValue.Number number) => IsWithin(leaf, number.Value),
        _ => false,
    };

    private static bool IsWithin(Within leaf, double value) => !(value < leaf.AtLeast) && !(value > leaf.AtMost);
}

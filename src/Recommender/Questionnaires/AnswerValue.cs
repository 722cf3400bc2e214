using System.Collections.Immutable;

namespace Recommender.Questionnaires;

/// <summary>What was answered, by the kind of the question. Two are equal if their kinds and contents are.</summary>
public abstract record AnswerValue
{
    /// <summary>One option or several, by their ids.</summary>
    public sealed record Choice(ImmutableArray<string> OptionIds) : AnswerValue
    {
        public bool Equals(Choice? other) => other is not null && OptionIds.AsSpan().SequenceEqual(other.OptionIds.AsSpan());

        public override int GetHashCode() => OptionIds.Aggregate(17, HashCode.Combine);
    }

    /// <summary>A point of a scale.</summary>
    public sealed record Scale(int Point) : AnswerValue;

    public sealed record Number(double Value) : AnswerValue;

    public sealed record Date(DateOnly Value) : AnswerValue;

    public sealed record Text(string Value) : AnswerValue;

    /// <summary>Opinions on items that were shown.</summary>
    public sealed record Items(ImmutableArray<ItemOpinion> Opinions) : AnswerValue
    {
        public bool Equals(Items? other) => other is not null && Opinions.AsSpan().SequenceEqual(other.Opinions.AsSpan());

        public override int GetHashCode() => Opinions.Aggregate(17, HashCode.Combine);
    }
}

public enum Opinion
{
    /// <summary>Picked, or rated well.</summary>
    Likes,

    Dislikes,

    /// <summary>Shown and not picked, or not known: it says a little against, and may be offered.</summary>
    Unfamiliar,
}

public sealed record ItemOpinion(string ItemId, Opinion Opinion);

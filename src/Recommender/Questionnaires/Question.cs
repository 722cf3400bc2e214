using System.Collections.Immutable;

namespace Recommender.Questionnaires;

/// <summary>One question. What an answer to it may be is decided by its kind.</summary>
public abstract record Question(string Id)
{
    public LocalText Text { get; init; } = LocalText.Empty;

    public LocalText Help { get; init; } = LocalText.Empty;

    /// <summary>Asked only if this holds; null: always.</summary>
    public Condition? When { get; init; }

    /// <summary>Whether "not now" is an answer.</summary>
    public bool MaySkip { get; init; } = true;

    /// <summary>Whether "rather not say" is an answer.</summary>
    public bool MayDecline { get; init; } = true;

    /// <summary>The attribute of the customer's profile, or for a date the day to remember, that the answer fills; empty fills none.</summary>
    public string Fills { get; init; } = "";

    /// <summary>How content an answer shows somebody to be, 0 to 1; null where the author gave it no score.</summary>
    public virtual double? ScoreOf(AnswerValue value) => null;

    /// <summary>One option, or several.</summary>
    public sealed record Choice(string Id) : Question(Id)
    {
        /// <summary>Exactly one is picked. Otherwise <see cref="MinPicks"/> to <see cref="MaxPicks"/>.</summary>
        public bool Single { get; init; }

        public int MinPicks { get; init; } = 1;

        public int MaxPicks { get; init; } = 1;

        public ImmutableArray<QuestionOption> Options { get; init; } = [];

        public QuestionOption? Find(string optionId) => Options.FirstOrDefault(option => option.Id == optionId);

        public override double? ScoreOf(AnswerValue value) => value is AnswerValue.Choice choice
            ? choice.OptionIds.Select(id => Find(id)?.Score).Average()
            : null;
    }

    /// <summary>A point from <see cref="From"/> to <see cref="To"/>, both included.</summary>
    public sealed record Scale(string Id) : Question(Id)
    {
        public int From { get; init; } = 1;

        public int To { get; init; } = 5;

        /// <summary>Names of points; not every point has one.</summary>
        public ImmutableSortedDictionary<int, LocalText> Labels { get; init; } = ImmutableSortedDictionary<int, LocalText>.Empty;

        public ScaleScore Score { get; init; }

        public override double? ScoreOf(AnswerValue value)
        {
            if (value is not AnswerValue.Scale scale || Score == ScaleScore.None) return null;
            double rising = Math.Clamp((scale.Point - From) / (double)(To - From), 0, 1);
            return Score == ScaleScore.Rising ? rising : 1 - rising;
        }
    }

    /// <summary>A number from <see cref="From"/> to <see cref="To"/>, both included; null leaves an end open.</summary>
    public sealed record Number(string Id) : Question(Id)
    {
        public double? From { get; init; }

        public double? To { get; init; }

        public LocalText Unit { get; init; } = LocalText.Empty;
    }

    /// <summary>A day from <see cref="From"/> to <see cref="To"/>, both included; null leaves an end open.</summary>
    public sealed record Date(string Id) : Question(Id)
    {
        public DateOnly? From { get; init; }

        public DateOnly? To { get; init; }

        /// <summary>Days after the present one are answers too.</summary>
        public bool MayBeFuture { get; init; }
    }

    public sealed record FreeText(string Id) : Question(Id)
    {
        public int MaxCharacters { get; init; } = 1000;
    }

    /// <summary>Opinions on items that are shown: those of the author, or some that the service chooses.</summary>
    public sealed record Items(string Id) : Question(Id)
    {
        /// <summary>Shown as they are; empty lets the service choose.</summary>
        public ImmutableArray<string> ItemIds { get; init; } = [];

        /// <summary>How many the service chooses: popular, and telling.</summary>
        public int Adaptive { get; init; }

        /// <summary>What the service chooses from, an expression; empty: the whole catalogue.</summary>
        public string Filter { get; init; } = "";

        /// <summary>Each may be liked or disliked; otherwise some are picked.</summary>
        public bool Rated { get; init; }

        public int MinPicks { get; init; }

        /// <summary>Null: as many as are shown.</summary>
        public int? MaxPicks { get; init; }
    }
}

/// <summary>Which end of a scale is the content one.</summary>
public enum ScaleScore { None, Rising, Falling }

public sealed record QuestionOption(string Id)
{
    public LocalText Text { get; init; } = LocalText.Empty;

    /// <summary>The items that somebody who picks this will like, as an expression; empty says nothing until enough people have picked it.</summary>
    public string Means { get; init; } = "";

    /// <summary>How content it shows somebody to be, 0 to 1.</summary>
    public double? Score { get; init; }
}

using Recommender.Interactions;
using Recommender.LifeCycle;

namespace Recommender.Relationship;

/// <summary>Adds up one person's evidence into the fading sums of a <see cref="RelationshipSummary"/>.</summary>
internal sealed class EvidenceCounts(IndicatorOptions options, Func<string, string?> categoryOf, ShopCalendar calendar, DateTimeOffset now)
{
    private readonly DateOnly _today = calendar.DayOf(now);
    private readonly HashSet<string> _categories = [], _channels = [];
    private readonly HashSet<DateOnly> _days = [];
    private double _answerScores, _answers, _ratingScores, _ratings, _bought, _returned, _complaints, _activeDays, _reactions, _contacts, _answered;
    private DateOnly _lastActive;

    public void Add(ShopEvent happened)
    {
        if (!Happened(happened.OccurredAt, out DateOnly day)) return;
        SawActive(day);
        double satisfaction = Fade(day, options.SatisfactionHalfLifeDays), intensity = Fade(day, options.IntensityHalfLifeDays);
        if (happened.ItemId is { } item && categoryOf(item) is { } category) _categories.Add(category);
        if (happened.Channel is { } channel) _channels.Add(channel);
        if (happened.Type == EventTypes.Purchase) _bought += happened.Quantity * satisfaction;
        if (happened.Type == EventTypes.Return) _returned += happened.Quantity * satisfaction;
        if (happened.Rating is { } stars)
        {
            _ratings += satisfaction;
            _ratingScores += Math.Clamp(stars / 5, 0, 1) * satisfaction;
        }
        if (happened.RecommendationId is not null || happened.Rating is not null) _reactions += intensity;
    }

    public void Add(SatisfactionAnswer answer)
    {
        if (!(answer.Score is >= 0 and <= 1))
            throw new ArgumentException($"A satisfaction score of {answer.Score} ({answer.At:O}) is not between 0 and 1.", nameof(answer));
        if (!Happened(answer.At, out DateOnly day)) return;
        double weight = Fade(day, options.SatisfactionHalfLifeDays);
        _answers += weight;
        _answerScores += answer.Score * weight;
        AddReaction(answer.At);
    }

    public void AddComplaint(DateTimeOffset at)
    {
        if (Happened(at, out DateOnly day)) _complaints += Fade(day, options.SatisfactionHalfLifeDays);
    }

    public void Add(RelationshipContact contact)
    {
        if (!Happened(contact.At, out DateOnly day)) return;
        double weight = Fade(day, options.IntensityHalfLifeDays);
        _contacts += weight;
        if (!contact.Answered) return;
        _answered += weight;
        SawActive(day);
    }

    public void AddReaction(DateTimeOffset at)
    {
        if (!Happened(at, out DateOnly day)) return;
        _reactions += Fade(day, options.IntensityHalfLifeDays);
        SawActive(day);
    }

    public RelationshipSummary Summary(LifeCycleState state) => new()
    {
        LifeCycle = state,
        AsOf = _today,
        Active = _days.Count > 0,
        LastActive = _lastActive,
        Categories = (ushort)Math.Min(_categories.Count, ushort.MaxValue),
        Channels = (ushort)Math.Min(_channels.Count, ushort.MaxValue),
        AnswerScores = (float)_answerScores,
        Answers = (float)_answers,
        RatingScores = (float)_ratingScores,
        Ratings = (float)_ratings,
        UnitsBought = (float)_bought,
        UnitsReturned = (float)_returned,
        Complaints = (float)_complaints,
        ActiveDays = (float)_activeDays,
        Reactions = (float)_reactions,
        Contacts = (float)_contacts,
        Answered = (float)_answered,
    };

    private bool Happened(DateTimeOffset at, out DateOnly day)
    {
        day = at <= now ? calendar.DayOf(at) : default;
        return at <= now;
    }

    private void SawActive(DateOnly day)
    {
        if (!_days.Add(day)) return;
        _activeDays += Fade(day, options.IntensityHalfLifeDays);
        if (day > _lastActive) _lastActive = day;
    }

    private double Fade(DateOnly day, double halfLife) => double.Exp2((day.DayNumber - _today.DayNumber) / halfLife);
}

using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Server.Serving;
using Answer = Recommender.Questionnaires.Answer;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Questionnaires;

/// <summary>Works out what comes next for somebody, from what they said and from everything else that is known of their taste.</summary>
internal sealed class NextSteps(Shop shop, TimeProvider time)
{
    public async Task<Step> OfAsync(SessionState state, CancellationToken cancellation)
    {
        var now = shop.Live.Now;
        return StepOf(state.Questionnaire, state.Interview, await shop.HistoryOfAsync(state.Session.Person, now.Live, cancellation), now, cancellation);
    }

    /// <summary>For answers that the caller keeps: they count as if they had been recorded just now.</summary>
    public async Task<Step> OfAsync(Questionnaire questionnaire, Person? person, IReadOnlyList<Answer> answers, CancellationToken cancellation)
    {
        var now = shop.Live.Now;
        IReadOnlyList<ShopEvent> known = person is { } who ? await shop.Circles.OfAsync(who, cancellation) : [];
        var said = answers.Select((answer, i) => AnswerEvents.Of(person ?? Person.Visitor(""), answer, before: null, time.GetUtcNow()) with { EventId = $"{i}" });
        return StepOf(questionnaire, new Interview(questionnaire, answers), shop.HistoryOf([.. known, .. said], now.Live), now, cancellation);
    }

    private Step StepOf(Questionnaire questionnaire, Interview interview, History history, Moment now, CancellationToken cancellation)
    {
        using var asking = new Asking(questionnaire, history, now, shop.Questionnaires.Meanings, cancellation);
        var next = interview.Next(asking.GainOf);
        return new Step(interview, next, next.Question is null ? [] : asking.ItemsOf(next.Question), now);
    }

    /// <param name="ItemIds">What the next question shows.</param>
    internal sealed record Step(Interview Interview, NextQuestion Next, IReadOnlyList<string> ItemIds, Moment Now)
    {
        public Wire.NextStep ToWire(string language)
        {
            var wire = new Wire.NextStep
            {
                Answered = Interview.Standing.Length,
                Remaining = Next.Question is null ? 0 : Interview.Remaining,
                Finished = Next.Finished switch
                {
                    Finished.NothingLeft => Wire.Finished.NothingLeft,
                    Finished.LittleToLearn => Wire.Finished.LittleToLearn,
                    Finished.EnoughAsked => Wire.Finished.EnoughAsked,
                    _ => Wire.Finished.Unspecified,
                },
            };
            if (Next.RemainingGain is { } gain) wire.RemainingGain = gain;
            if (Next.Question is { } question) wire.Question = QuestionMapping.ToWire(question, language, ItemIds, Now.Shelves);
            return wire;
        }
    }
}

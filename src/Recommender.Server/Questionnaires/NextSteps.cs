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
        return StepOf(state.Interview, await shop.HistoryOfAsync(state.Session.Person, now.Live, cancellation), now);
    }

    /// <summary>For answers that the caller keeps: they count as if they had been recorded just now.</summary>
    public async Task<Step> OfAsync(Questionnaire questionnaire, Person? person, IReadOnlyList<Answer> answers, CancellationToken cancellation)
    {
        var now = shop.Live.Now;
        IReadOnlyList<ShopEvent> known = person is { } who ? await shop.Circles.OfAsync(who, cancellation) : [];
        var said = answers.Select((answer, i) => AnswerEvents.Of(person ?? Person.Visitor(""), answer, before: null, time.GetUtcNow()) with { EventId = $"{i}" });
        return StepOf(new Interview(questionnaire, answers), shop.HistoryOf([.. known, .. said], now.Live), now);
    }

    private Step StepOf(Interview interview, History history, Moment now)
    {
        var asking = new Asking(now, history);
        return new Step(interview, interview.Next(asking.GainOf), asking, now);
    }

    internal sealed record Step(Interview Interview, NextQuestion Next, Asking Asking, Moment Now)
    {
        public Wire.NextStep ToWire(string language, CancellationToken cancellation)
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
            if (Next.Question is { } question) wire.Question = QuestionMapping.ToWire(question, language, Asking.ItemsOf(question, cancellation), Now.Shelves);
            return wire;
        }
    }
}

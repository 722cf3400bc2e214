using Recommender.Interactions;
using Recommender.Models;
using Recommender.Questionnaires;
using Recommender.Tests.Models;

namespace Recommender.Tests.Questionnaires;

public sealed class ResponseTests
{
    [Fact]
    public void A_model_remembers_how_often_each_question_was_answered_when_it_was_put()
    {
        var builder = new TrainingSetBuilder(new ConfidenceOptions(), DateTimeOffset.UnixEpoch);
        for (int person = 0; person < 20; person++)
        {
            builder.Add(Said(person, "liked", person < 10 ? AnswerKind.Given : AnswerKind.Skipped, "s"));
            builder.Add(Said(person, "hidden", AnswerKind.Declined, "s"));
            builder.Add(Said(person, "paper", AnswerKind.Given, session: null));
        }
        var set = builder.Build();
        var model = SmallShop.Train(set, SmallShop.Recipe(factors: 2, sweeps: 2));
        var elicitation = new Elicitation(ReadBack(model));

        // Ten expected responses steady the figure: (10 + 9) / (20 + 10), 9 / 30, and 9 / 10 for what was never put.
        Assert.Equal(0.6333, elicitation.ChanceAnswered("q", "liked"), 4);
        Assert.Equal(0.3, elicitation.ChanceAnswered("q", "hidden"), 4);
        Assert.Equal(0.9, elicitation.ChanceAnswered("q", "paper"), 4);
    }

    private static TrainedModel ReadBack(TrainedModel model)
    {
        Assert.Equal(model.Card.Responses, ModelCard.Parse(System.Text.Encoding.UTF8.GetBytes(model.Card.ToJson())).Responses);
        return model;
    }

    private static ShopEvent Said(int person, string question, AnswerKind kind, string? session) => new()
    {
        EventId = $"{person}-{question}",
        Type = EventTypes.Answer,
        Person = Person.Customer($"{person}"),
        OccurredAt = DateTimeOffset.UnixEpoch,
        Answer = new Answer("q", 1, question, kind) { SessionId = session, Value = kind == AnswerKind.Given ? new AnswerValue.Choice([person % 2 == 0 ? "a" : "b"]) : null },
    };
}

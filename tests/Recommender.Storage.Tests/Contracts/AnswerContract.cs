using Recommender.Interactions;
using Recommender.Questionnaires;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

/// <summary>Answers in the event log: every kind comes back equal, because duplicates are recognised by that.</summary>
public abstract class AnswerContract(IStoreEngine engine) : StoreContract(engine)
{
    private IEventLog Log => Store.Events;

    private static ShopEvent Answered(string id, Answer answer) => View(id) with { Type = EventTypes.Answer, ItemId = null, Answer = answer };

    private static Answer Given(AnswerValue? value) => new("taste", 2, "genres", AnswerKind.Given) { Value = value };

    private static readonly AnswerValue[] _values =
    [
        new AnswerValue.Choice(["crime"]), new AnswerValue.Choice(["crime", "poetry"]), new AnswerValue.Choice(["poetry", "crime"]), new AnswerValue.Choice([]),
        new AnswerValue.Scale(4), new AnswerValue.Scale(-4), new AnswerValue.Scale(int.MaxValue),
        new AnswerValue.Number(4), new AnswerValue.Number(0.1 + 0.2), new AnswerValue.Number(double.MaxValue), new AnswerValue.Number(-double.Epsilon),
        new AnswerValue.Date(new(2026, 1, 31)), new AnswerValue.Date(DateOnly.MinValue), new AnswerValue.Date(DateOnly.MaxValue),
        new AnswerValue.Text("4"), new AnswerValue.Text("2026-01-31"), new AnswerValue.Text(""),
        new AnswerValue.Items([]), new AnswerValue.Items([new("book-1", Opinion.Likes), new("book-2", Opinion.Dislikes), new("book-3", Opinion.Unfamiliar)]),
    ];

    private static readonly Answer[] _answers =
    [
        .. _values.Select(Given), Given(null) with { Kind = AnswerKind.Skipped }, Given(null) with { Kind = AnswerKind.Declined },
        Given(null) with { Kind = AnswerKind.Withdrawn }, Given(_values[0]) with { SessionId = "s" }, Given(_values[0]) with { SessionId = "" },
        Given(_values[0]) with { Source = "staff" }, Given(_values[0]) with { Version = 3 }, Given(_values[0]) with { QuestionId = "moods" },
        Given(_values[0]) with { QuestionnaireId = "welcome" },
    ];

    [Fact]
    public async Task Every_answer_comes_back_as_it_was_given_and_is_a_duplicate_when_sent_again()
    {
        ShopEvent[] sent = [.. _answers.Select((answer, i) => Answered($"a{i}", answer))];
        await Log.AppendAsync(Books, sent, Stop);
        await ReopenAsync();
        Assert.Equal(sent, (await Log.ReadAllAsync(Books)).Select(stored => stored.Event));
        Assert.All(await Log.AppendAsync(Books, sent, Stop), outcome => Assert.Equal(AppendStatus.Duplicate, outcome.Status));
    }

    [Fact]
    public async Task Any_two_answers_that_differ_are_in_conflict()
    {
        for (int i = 0; i < _answers.Length; i++)
        {
            await Log.AppendAsync(Books, [Answered($"a{i}", _answers[i])], Stop);
            IReadOnlyList<AppendOutcome> outcomes = await Log.AppendAsync(Books, [.. _answers.Select(answer => Answered($"a{i}", answer))], Stop);
            for (int j = 0; j < _answers.Length; j++)
                Assert.True(outcomes[j].Status == (i == j ? AppendStatus.Duplicate : AppendStatus.Conflict), $"{_answers[i]} and {_answers[j]}: {outcomes[j].Status}");
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_is_kept(string text)
    {
        Answer answer = new(text, 1, text, AnswerKind.Given) { SessionId = text, Source = text };
        ShopEvent[] sent =
        [
            Answered("text", answer with { Value = new AnswerValue.Text(text) }), Answered("choice", answer with { Value = new AnswerValue.Choice([text, ""]) }),
            Answered("items", answer with { Value = new AnswerValue.Items([new(text, Opinion.Likes)]) }), View("review") with { Type = EventTypes.Review, Text = text },
        ];
        await Log.AppendAsync(Books, sent, Stop);
        Assert.Equal(sent, (await Log.ReadAllAsync(Books)).Select(stored => stored.Event));
    }

    public static readonly TheoryData<string, Answer> Unstorable = new()
    {
        { "questionnaire_id of the answer", Given(null) with { QuestionnaireId = "" } }, { "question_id", Given(null) with { QuestionId = "" } },
        { "kind", Given(null) with { Kind = (AnswerKind)9 } }, { "source", Given(null) with { Source = null! } }, { "session_id", Given(null) with { SessionId = "\ud83d" } },
        { "value", Given(new AnswerValue.Number(double.NaN)) }, { "value", Given(new AnswerValue.Text("\ud83d")) }, { "value", Given(new AnswerValue.Text(null!)) },
        { "value", Given(new AnswerValue.Choice(["fine", "\udcda"])) }, { "value", Given(new AnswerValue.Choice([null!])) },
        { "value", Given(new AnswerValue.Items([new("", Opinion.Likes)])) }, { "value", Given(new AnswerValue.Items([new("book-1", (Opinion)7)])) },
    };

    [Theory]
    [MemberData(nameof(Unstorable))]
    public async Task What_could_not_be_given_back_as_sent_is_refused_with_its_whole_batch(string named, Answer answer)
    {
        var refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => Log.AppendAsync(Books, [View("good"), Answered("bad", answer)], Stop));
        Assert.Contains($"event bad: {named}", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await Log.ReadAllAsync(Books));
    }
}

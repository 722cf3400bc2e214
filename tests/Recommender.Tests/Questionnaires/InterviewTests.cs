using Recommender.Questionnaires;
using static Recommender.Tests.Questionnaires.Definitions;

namespace Recommender.Tests.Questionnaires;

public sealed class InterviewTests
{
    [Fact]
    public void In_a_fixed_order_questions_come_as_written_and_those_under_a_condition_only_where_it_holds()
    {
        Assert.Equal(["reads", "genres", "content", "why", "books", "birthday", "covers"], Asked(Welcome, AnswerLike("yes", content: 2)));
        Assert.Equal(["reads", "content", "books", "birthday", "covers"], Asked(Welcome, AnswerLike("no", content: 3)));
    }

    [Fact]
    public void What_was_passed_over_comes_back_once_after_everything_else_and_what_was_declined_does_not()
    {
        var asked = Asked(Welcome, (question, times) => question.Id switch
        {
            "reads" => Without("reads", AnswerKind.Declined),
            "content" => Without("content", AnswerKind.Skipped),
            "books" => times == 0 ? Without("books", AnswerKind.Skipped) : Given("books", new AnswerValue.Number(3)),
            _ => AnswerLike("no", 1)(question, times),
        });

        Assert.Equal(["reads", "content", "books", "birthday", "covers", "content", "books"], asked);
    }

    [Fact]
    public void A_changed_answer_changes_what_applies_and_a_withdrawn_one_opens_its_question_again()
    {
        var answers = new List<Answer> { Picked("reads", "yes") };
        Assert.Equal("genres", Next(Welcome, answers)?.Id);
        answers.Add(Picked("reads", "no"));
        Assert.Equal("content", Next(Welcome, answers)?.Id);
        answers.Add(Without("reads", AnswerKind.Withdrawn));
        Assert.Null(new Interview(Read(Welcome), answers).StandingFor("reads"));
        Assert.Null(new Interview(Read(Welcome), answers).Applies("genres"));
        answers.Add(Without("content", AnswerKind.Skipped));
        Assert.Equal("books", Next(Welcome, answers)?.Id);
    }

    [Fact]
    public void Passing_over_a_question_leaves_its_earlier_answer_standing()
    {
        var interview = new Interview(Read(Welcome), [Picked("reads", "yes"), Without("reads", AnswerKind.Skipped)]);
        Assert.Equal(Picked("reads", "yes"), interview.StandingFor("reads"));
    }

    [Theory]
    [InlineData("{\"question\":\"reads\",\"declined\":true}", AnswerKind.Declined, true)]
    [InlineData("{\"question\":\"reads\",\"declined\":true}", AnswerKind.Given, false)]
    [InlineData("{\"question\":\"reads\",\"declined\":false}", AnswerKind.Given, true)]
    [InlineData("{\"question\":\"reads\",\"declined\":false}", AnswerKind.Declined, false)]
    [InlineData("{\"question\":\"reads\",\"answered\":true}", AnswerKind.Given, true)]
    [InlineData("{\"not\":{\"question\":\"reads\",\"option\":\"no\"}}", AnswerKind.Given, true)]
    [InlineData("{\"all\":[{\"question\":\"reads\",\"option\":\"yes\"},{\"question\":\"books\",\"at_least\":10}]}", AnswerKind.Given, null)]
    [InlineData("{\"all\":[{\"question\":\"reads\",\"option\":\"no\"},{\"question\":\"books\",\"at_least\":10}]}", AnswerKind.Given, false)]
    [InlineData("{\"any\":[{\"question\":\"reads\",\"option\":\"yes\"},{\"question\":\"books\",\"at_least\":10}]}", AnswerKind.Given, true)]
    [InlineData("{\"any\":[{\"question\":\"reads\",\"option\":\"no\"},{\"question\":\"books\",\"at_least\":10}]}", AnswerKind.Given, null)]
    public void A_condition_holds_or_not_or_waits_for_what_it_hangs_on(string when, AnswerKind kind, bool? applies)
    {
        var answer = kind == AnswerKind.Given ? Picked("reads", "yes") : Without("reads", kind);
        Assert.Equal(applies, new Interview(Read(With("questions[1].when", when)), [answer]).Applies("genres"));
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void A_number_is_compared_with_both_ends_included(double books, bool applies)
    {
        string between = With("questions[1].when", "{\"question\":\"books\",\"at_least\":10,\"at_most\":20}");
        Assert.Equal(applies, new Interview(Read(between), [Given("books", new AnswerValue.Number(books))]).Applies("genres"));
    }

    [Fact]
    public void What_hangs_on_a_question_that_is_never_asked_counts_it_as_not_answered()
    {
        string unless = With("questions[3].when", "{\"not\":{\"question\":\"genres\",\"option\":\"crime\"}}");
        Assert.True(new Interview(Read(unless), [Picked("reads", "no")]).Applies("why"));
    }

    [Fact]
    public void Otherwise_the_question_that_teaches_most_comes_next_and_what_cannot_be_measured_last()
    {
        string adaptive = With("order", "\"adaptive\"");
        double? Gain(Question question) => question.Id switch { "content" => 0.1, "covers" => 0.9, "reads" => 0.4, _ => null };

        Assert.Equal(["covers", "reads", "content", "books", "birthday"], Asked(adaptive, AnswerLike("no", 4), Gain));
    }

    [Fact]
    public void A_question_that_opens_a_telling_one_is_worth_as_much()
    {
        string adaptive = With("order", "\"adaptive\"");
        double? Gain(Question question) => question.Id switch { "genres" => 0.95, "covers" => 0.9, "reads" => 0.01, _ => 0.02 };

        Assert.Equal(["reads", "genres", "covers"], Asked(adaptive, AnswerLike("yes", 4), Gain).Take(3));
    }

    [Fact]
    public void It_ends_when_nothing_that_is_left_would_teach_enough()
    {
        string short_ = With("order", "\"adaptive\"").Replace("\"order\"", "\"gain_threshold\": 0.3, \"order\"");
        double? Gain(Question question) => question.Id switch { "covers" => 0.9, "reads" => 0.4, _ => 0.1 };
        var answers = new List<Answer>();

        Assert.Equal(["covers", "reads"], Asked(short_, AnswerLike("no", 4), Gain, answers));
        Assert.Equal(Finished.LittleToLearn, new Interview(Read(short_), answers).Next(Gain).Finished);
    }

    [Fact]
    public void It_ends_after_the_authors_number_of_questions_those_passed_over_included()
    {
        string few = With("max_questions", "2");
        var answers = new List<Answer>();

        Assert.Equal(["reads", "content"], Asked(few, (question, _) => question.Id == "reads" ? Picked("reads", "no") : Without("content", AnswerKind.Skipped), answers: answers));
        Assert.Equal(Finished.EnoughAsked, new Interview(Read(few), answers).Next(_ => null).Finished);
    }

    [Fact]
    public void An_answer_to_an_option_that_this_version_lacks_counts_as_not_given()
    {
        string without = With("questions[0].options", "[{\"id\":\"yes\",\"text\":\"Yes\"},{\"id\":\"seldom\",\"text\":\"Seldom\"}]");
        Assert.Equal("reads", Next(without, [Picked("reads", "no")])?.Id);
    }

    [Fact]
    public void What_remains_is_counted_until_nothing_does()
    {
        Assert.Equal(7, new Interview(Read(Welcome), []).Remaining);
        Assert.Equal(5, new Interview(Read(Welcome), [Picked("reads", "no")]).Remaining);
        Assert.Equal(2, new Interview(Read(With("max_questions", "2")), []).Remaining);
    }

    private static Func<Question, int, Answer> AnswerLike(string reads, int content) => (question, _) => Given(question.Id, question switch
    {
        { Id: "reads" } => new AnswerValue.Choice([reads]),
        Question.Choice choice => new AnswerValue.Choice([choice.Options[0].Id]),
        Question.Scale => new AnswerValue.Scale(content),
        Question.Number => new AnswerValue.Number(12),
        Question.Date => new AnswerValue.Date(new(1984, 5, 17)),
        Question.FreeText => new AnswerValue.Text("late"),
        _ => new AnswerValue.Items([new("a", Opinion.Likes), new("b", Opinion.Unfamiliar)]),
    });

    private static Question? Next(string json, IReadOnlyList<Answer> answers) => new Interview(Read(json), answers).Next(_ => null).Question;

    /// <summary>The questions in the order in which they come, each answered as it comes, until nothing does.</summary>
    private static List<string> Asked(string json, Func<Question, int, Answer> answer, Func<Question, double?>? gain = null, List<Answer>? answers = null)
    {
        var questionnaire = Read(json);
        answers ??= [];
        var asked = new List<string>();
        while (new Interview(questionnaire, answers).Next(gain ?? (_ => null)).Question is { } next)
        {
            answers.Add(answer(next, asked.Count(id => id == next.Id)));
            asked.Add(next.Id);
            Assert.True(asked.Count < 50, "it never ends");
        }
        return asked;
    }
}

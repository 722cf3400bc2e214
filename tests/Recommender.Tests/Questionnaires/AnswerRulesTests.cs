using Recommender.Questionnaires;
using static Recommender.Tests.Questionnaires.Definitions;

namespace Recommender.Tests.Questionnaires;

public sealed class AnswerRulesTests
{
    private static readonly DateOnly _today = new(2026, 11, 22);

    public static TheoryData<Answer, string> Faults => new()
    {
        { Picked("genres", "crim"), "value.option_ids[0] is \"crim\", which is no option of \"genres\"; did you mean \"crime\"?" },
        { Picked("genres", "crime", "crime"), "value.option_ids[1] is \"crime\" for the second time" },
        { Picked("genres", "crime", "garden", "poems"), "value.option_ids has 3 picks, \"genres\" takes 1 to 2" },
        { Picked("reads"), "value.option_ids has 0 picks, \"reads\" takes 1" },
        { Picked("reads", "yes", "no"), "value.option_ids has 2 picks, \"reads\" takes 1" },
        { Given("reads", new AnswerValue.Scale(3)), "value is a point of a scale, but \"reads\" takes one option" },
        { Given("content", new AnswerValue.Scale(6)), "value.point is 6, the scale goes from 1 to 5" },
        { Given("content", new AnswerValue.Number(3)), "value is a number, but \"content\" takes a point of its scale" },
        { Given("books", new AnswerValue.Number(-1)), "value.number is -1, below 0" },
        { Given("books", new AnswerValue.Number(401)), "value.number is 401, above 400" },
        { Given("books", new AnswerValue.Number(double.NaN)), "value.number is NaN, it must be a finite number" },
        { Given("birthday", new AnswerValue.Date(new(2026, 11, 23))), "value.date is 2026-11-23, in the future (today is 2026-11-22), which \"birthday\" does not take" },
        { Given("why", new AnswerValue.Text(new string('x', 41))), "value.text has 41 characters, at most 40 are taken" },
        { Given("why", new AnswerValue.Text(" ")), "value.text is empty; skip the question instead" },
        { Given("why", new AnswerValue.Text("\ud800")), "value.text is not valid text (half a surrogate pair)" },
        { Given("covers", Items(("d", Opinion.Likes))), "value.items[0].item_id is \"d\", which is no item of \"covers\"" },
        { Given("covers", Items(("a", Opinion.Dislikes))), "value.items[0].opinion is dislikes, but \"covers\" only asks to pick" },
        { Given("covers", Items(("a", Opinion.Likes), ("b", Opinion.Likes), ("c", Opinion.Likes))), "value.items has 3 picks, \"covers\" takes 0 to 2" },
        { Given("covers", Items(("a", Opinion.Likes), ("a", Opinion.Unfamiliar))), "value.items[1].item_id is \"a\" for the second time" },
        { Given("covers", Items()), "value.items has 0 entries, it must have 1 to 3: one for each item that was shown" },
        { Without("reads", AnswerKind.Given), "value is missing; \"reads\" takes one option" },
        { Without("reads", AnswerKind.Skipped) with { Value = new AnswerValue.Scale(1) }, "value belongs to an answer that is given, not to one that is skipped" },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void What_is_wrong_with_an_answer_is_named_with_its_field(Answer answer, string said) => Assert.Contains(said, FaultsOf(Welcome, answer));

    [Fact]
    public void What_the_author_does_not_allow_is_refused()
    {
        Assert.Contains("kind is skipped, but \"reads\" may not be skipped", FaultsOf(With("questions[0].may_skip", "false"), Without("reads", AnswerKind.Skipped)));
        Assert.Contains("kind is declined, but \"reads\" may not be declined", FaultsOf(With("questions[0].may_decline", "false"), Without("reads", AnswerKind.Declined)));
    }

    [Fact]
    public void A_day_to_come_is_an_answer_where_the_author_takes_it() =>
        Assert.Empty(FaultsOf(With("questions[5].future", "true"), Given("birthday", new AnswerValue.Date(new(2027, 1, 1)))));

    [Fact]
    public void The_order_in_which_options_were_picked_makes_no_other_answer()
    {
        var genres = Read(Welcome).Find("genres")!;
        Assert.Equal(AnswerRules.Normalized(genres, Picked("genres", "crime", "poems")), AnswerRules.Normalized(genres, Picked("genres", "poems", "crime")));
    }

    private static AnswerValue.Items Items(params (string Item, Opinion Opinion)[] opinions) => new([.. opinions.Select(one => new ItemOpinion(one.Item, one.Opinion))]);

    private static string[] FaultsOf(string json, Answer answer) =>
        [.. AnswerRules.Faults(Read(json).Find(answer.QuestionId)!, answer, _today).Select(fault => $"{fault.Path} {fault.Problem}")];
}

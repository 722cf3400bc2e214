using Recommender.Questionnaires;
using Recommender.Tests.Models;

namespace Recommender.Tests.Questionnaires;

public sealed class DefinitionTests
{
    [Fact]
    public void A_definition_is_read_as_it_was_written()
    {
        var welcome = Definitions.Read(Definitions.Welcome, version: 3);

        Assert.Empty(Definitions.FaultsOf(Definitions.Welcome));
        Assert.Equal(("welcome", 3, true, QuestionnairePurpose.Onboarding), (welcome.Id, welcome.Version, welcome.FixedOrder, welcome.Purpose));
        Assert.Equal(["reads", "genres", "content", "why", "books", "birthday", "covers"], welcome.Questions.Select(question => question.Id));
        var genres = Assert.IsType<Question.Choice>(welcome.Find("genres"));
        Assert.Equal((false, 1, 2, "item.genre == \"crime\""), (genres.Single, genres.MinPicks, genres.MaxPicks, genres.Options[0].Means));
        Assert.Equal(new Condition.Chosen("reads", "yes"), genres.When);
        Assert.Equal("Very much", Assert.IsType<Question.Scale>(welcome.Find("content")).Labels[5].In("en"));
    }

    [Fact]
    public void The_example_in_the_README_can_be_published()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "src", "Recommender", "Questionnaires", "README.md"));
        string example = readme.Split("```json\n")[1].Split("```")[0];
        Assert.Empty(Definitions.FaultsOf(example));
    }

    [Theory]
    [InlineData("de-AT", "Lesen Sie?")]
    [InlineData("DE", "Lesen Sie?")]
    [InlineData("fr", "Do you read?")]
    [InlineData("", "Do you read?")]
    public void A_text_comes_in_the_language_asked_for_or_its_main_language_or_the_questionnaires_own(string language, string text) =>
        Assert.Equal(text, Definitions.Read(Definitions.Welcome).Questions[0].Text.In(language));

    [Theory]
    [InlineData("purpos", "1", "purpos is a key that nobody knows; did you mean \"purpose\"?")]
    [InlineData("questions[0].options[1].mean", "\"x\"", "questions[0].options[1].mean is a key that nobody knows; did you mean \"means\"?")]
    [InlineData("questions[2].max_characters", "4", "questions[2].max_characters is a key that nobody knows")]
    [InlineData("questions[0].kind", "\"singel\"", "questions[0].kind is \"singel\", it must be one of single, multi")]
    [InlineData("questions[0].kind", null, "questions[0].kind is missing")]
    [InlineData("questions[0].kind", "\"singel\"", "did you mean \"single\"?")]
    [InlineData("questions[0].text", "7", "questions[0].text is 7, it must be a text")]
    [InlineData("questions[0].may_skip", "\"yes\"", "questions[0].may_skip is \"yes\", it must be true or false")]
    [InlineData("questions[1].max", "1.5", "questions[1].max is 1.5, it must be a whole number")]
    [InlineData("questions[5].from", "\"31.12.1900\"", "questions[5].from is \"31.12.1900\", it must be a date such as")]
    [InlineData("questions", "{}", "questions is an object, it must be a list")]
    [InlineData("questions[1].when", "{}", "questions[1].when must have one of all, any, not, or a question with one of")]
    [InlineData("questions[1].when", "{\"question\":\"reads\",\"option\":\"yes\",\"answered\":true}", "questions[1].when must have one of")]
    [InlineData("id", "\"\"", "id must not be empty")]
    [InlineData("purpose", "\"onbording\"", "did you mean \"onboarding\"?")]
    [InlineData("language", "\"english!\"", "language is \"english!\", it must be a language tag")]
    [InlineData("title", "{\"de\":\"Willkommen\"}", "title is not written in \"en\", the questionnaire's own language")]
    [InlineData("max_questions", "0", "max_questions is 0, it must be at least 1")]
    [InlineData("gain_threshold", "-1", "gain_threshold is -1, it must be 0 to 1")]
    [InlineData("questions", "[]", "questions has 0 entries, it must have 1 to 200")]
    [InlineData("questions[0].text", null, "questions[0].text is missing")]
    [InlineData("questions[0].id", "\"genres\"", "questions[1].id is \"genres\", as questions[0] is; each needs its own")]
    [InlineData("questions[0].id", "\"\"", "questions[0].id must not be empty")]
    [InlineData("questions[0].options", "[]", "questions[0].options has 0 entries, it must have 2 to 500")]
    [InlineData("questions[0].options[1].id", "\"yes\"", "questions[0].options[1].id is \"yes\", as questions[0].options[0] is")]
    [InlineData("questions[1].max", "4", "questions[1].max is 4, it must be 1 to 3, the number of options")]
    [InlineData("questions[1].min", "-1", "questions[1].min is -1, it must not be negative")]
    [InlineData("questions[1].options[0].means", "\"item.genr == 'x'\"", "questions[1].options[0].means position 1: unknown")]
    [InlineData("questions[1].options[0].score", "2", "questions[1].options[0].score is 2, it must be 0 to 1")]
    [InlineData("questions[2].to", "1", "questions[2].to is 1, it must be above from, which is 1, by at most 100")]
    [InlineData("questions[2].labels[0].point", "9", "questions[2].labels has the point 9, the scale goes from 1 to 5")]
    [InlineData("questions[3].max_characters", "0", "questions[3].max_characters is 0")]
    [InlineData("questions[4].to", "-1", "questions[4].to is -1, below from, which is 0")]
    [InlineData("questions[5].fills", "\"birth day\"", "questions[5].fills is \"birth day\", it must be letters")]
    [InlineData("questions[6].items", null, "questions[6].items and adaptive: give one of the two")]
    [InlineData("questions[6].adaptive", "5", "questions[6].items and adaptive: give one of the two")]
    [InlineData("questions[6].items[2]", "\"zzz\"", "questions[6].items[2] is not there")]
    [InlineData("questions[6].items[2]", "\"a\"", "questions[6].items[2] is \"a\", as questions[6].items[0] is")]
    [InlineData("questions[6].filter", "\"item.x == 1\"", "questions[6].filter is for items that the service chooses")]
    [InlineData("questions[6].max", "4", "questions[6].max is 4, it must be 1 to 3, the number of items")]
    [InlineData("questions[6].fills", "\"taste\"", "questions[6].fills is \"taste\", but opinions on items fill no attribute")]
    [InlineData("questions[1].when.question", "\"read\"", "questions[1].when looks at the question \"read\", which is not there; did you mean \"reads\"?")]
    [InlineData("questions[1].when.option", "\"yess\"", "questions[1].when looks for the option \"yess\" of \"reads\", which is not there; did you mean \"yes\"?")]
    [InlineData("questions[1].when", "{\"question\":\"content\",\"option\":\"1\"}", "questions[1].when looks for an option of \"content\", which has none")]
    [InlineData("questions[3].when.question", "\"reads\"", "questions[3].when compares \"reads\", which is neither a scale nor a number")]
    public void A_fault_is_named_with_its_path(string path, string? json, string said) =>
        Assert.Contains(Definitions.FaultsOf(Definitions.With(path, json)), fault => fault.Contains(said, StringComparison.Ordinal));

    [Fact]
    public void All_faults_are_told_at_once()
    {
        string[] faults = Definitions.FaultsOf("""{ "id": "x", "title": 4, "questions": [ { "id": "q", "kind": "scale", "too": 5, "help": false }, 7 ] }""");

        Assert.Equal(["title", "questions[0].help", "questions[0].too", "questions[1]", "questions[1].kind"], faults.Select(fault => fault.Split(' ')[0]));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    public void What_is_no_definition_is_refused(string json) => Assert.Contains("definition", Definitions.FaultsOf(json)[0]);

    [Theory]
    [InlineData("{\"question\":\"genres\",\"answered\":true}", "questions[0].when goes in a circle: reads → genres → reads")]
    [InlineData("{\"question\":\"reads\",\"answered\":true}", "questions[0].when goes in a circle: reads → reads")]
    [InlineData("{\"any\":[{\"question\":\"books\",\"at_least\":3},{\"not\":{\"question\":\"genres\",\"declined\":true}}]}", "reads → genres → reads")]
    public void Conditions_that_go_in_a_circle_are_told_with_the_circle(string when, string said) =>
        Assert.Contains(said, Assert.Single(Definitions.FaultsOf(Definitions.With("questions[0].when", when))));

    [Fact]
    public void Answers_score_how_content_somebody_is_where_the_author_says_so()
    {
        var welcome = Definitions.Read(Definitions.With("questions[1].options[0].score", "0.25"));

        Assert.Equal(0.75, welcome.Find("content")!.ScoreOf(new AnswerValue.Scale(4)));
        Assert.Equal(0.25, welcome.Find("genres")!.ScoreOf(new AnswerValue.Choice(["crime", "garden"])));
        Assert.Null(welcome.Find("genres")!.ScoreOf(new AnswerValue.Choice(["garden"])));
        Assert.Null(welcome.Find("reads")!.ScoreOf(new AnswerValue.Choice(["yes"])));
    }
}

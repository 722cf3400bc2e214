using System.Text;
using System.Text.Json;
using Recommender.Questionnaires;

namespace Recommender.Storage.Tests.Sqlite;

/// <summary>Answers are in every shop's file: what was written stays readable, by us and by others' tools.</summary>
public sealed class AnswerJsonTests
{
    private const string Head = """{"questionnaire_id":"taste","version":2,"question_id":"genres","kind":""";

    private static readonly Answer _given = new("taste", 2, "genres", AnswerKind.Given);

    public static readonly TheoryData<string, Answer> Approved = new()
    {
        { """ "given","source":"customer","value":{"choice":["crime","poésie"]}} """, _given with { Value = new AnswerValue.Choice(["crime", "poésie"]) } },
        { """ "given","source":"staff","value":{"scale":4},"session_id":"s-1"} """, _given with { Value = new AnswerValue.Scale(4), Source = "staff", SessionId = "s-1" } },
        { """ "given","source":"customer","value":{"number":1.5}} """, _given with { Value = new AnswerValue.Number(1.5) } },
        { """ "given","source":"customer","value":{"date":"2026-01-31"}} """, _given with { Value = new AnswerValue.Date(new(2026, 1, 31)) } },
        { """ "given","source":"customer","value":{"text":"a \"b\" <c>"}} """, _given with { Value = new AnswerValue.Text("a \"b\" <c>") } },
        {
            """ "given","source":"customer","value":{"items":[{"item_id":"7","opinion":"likes"},{"item_id":"8","opinion":"unfamiliar"}]}} """,
            _given with { Value = new AnswerValue.Items([new("7", Opinion.Likes), new("8", Opinion.Unfamiliar)]) }
        },
        { """ "declined","source":"customer"} """, _given with { Kind = AnswerKind.Declined } },
    };

    [Theory]
    [MemberData(nameof(Approved))]
    public void An_answer_is_plain_JSON(string rest, Answer answer)
    {
        string json = Head + rest.Trim();
        Assert.Equal(json, Encoding.UTF8.GetString(AnswerJson.Write(answer)));
        Assert.Equal(answer, AnswerJson.Read(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData(""" "given","source":"customer","value":{"colour":"red"}} """)]
    [InlineData(""" "given","source":"customer","value":{}} """)]
    [InlineData(""" "maybe","source":"customer"} """)]
    [InlineData(""" "given"} """)]
    public void What_no_program_of_ours_wrote_is_an_error_and_not_half_an_answer(string rest) =>
        Assert.Throws<JsonException>(() => AnswerJson.Read(Encoding.UTF8.GetBytes(Head + rest.Trim())));
}

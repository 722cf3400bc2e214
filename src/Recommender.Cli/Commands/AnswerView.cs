using Recommender.Catalogue;
using Recommender.Cli.Terminal;
using Recommender.Questionnaires;
using Recommender.Ranking;
using Recommender.Server.Questionnaires;
using Recommender.Server.Serving;
using Spectre.Console;
using Answer = Recommender.Server.Serving.Answer;

namespace Recommender.Cli.Commands;

/// <summary>An answer as people read it: title, by whom, and why; or as JSON.</summary>
internal sealed class AnswerView(Screen screen, Answer answer, AnswerMeanings answers)
{
    private const int MostReasons = 3;

    public void Show(bool json)
    {
        if (json) screen.Json(AsJson());
        else ShowTable();
    }

    private void ShowTable()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("#", "item", "title", "score", "why");
        int rank = 0;
        foreach (var item in answer.Served.Items)
        {
            table.AddRow($"{++rank}", Markup.Escape(item.ItemId), Markup.Escape(TitleOf(item)), $"{item.Score:0.000}",
                Markup.Escape(string.Join("; ", item.Reasons.Take(MostReasons).Select(reason => $"{ReasonText.Of(reason, answer.Shelves, answers)} ({reason.Share:P0})"))));
        }
        screen.Out.Write(table);
        screen.Line($"served by {answer.Served.ServedBy}, model {(answer.Served.ModelVersion.Length > 0 ? answer.Served.ModelVersion : "none")}");
        if (answer.Degraded.Length > 0) screen.Line($"degraded: {answer.Degraded}");
    }

    private string TitleOf(ServedItem served)
    {
        var item = answer.Shelves.Find(served.ItemId);
        return item is null ? served.ItemId : $"{item.Title}{By(item)}";
    }

    private static string By(Item item) => item.Attributes.GetValueOrDefault("authors") switch
    {
        AttributeValue.TextList { Values.Length: > 0 } authors => $" · {string.Join(", ", authors.Values.Take(2))}",
        AttributeValue.Text author => $" · {author.Value}",
        _ => "",
    };

    private object AsJson() => new
    {
        answer.Served.ServedBy,
        answer.Served.ModelVersion,
        Degraded = answer.Degraded.Length > 0,
        DegradedReason = answer.Degraded,
        Items = answer.Served.Items.Select(item => new
        {
            item.ItemId,
            answer.Shelves.Find(item.ItemId)?.Title,
            item.Score,
            item.Source,
            Reasons = item.Reasons.Select(reason => new { reason.Kind, ItemId = AnswerColumns.Readable(reason.ItemId), reason.Share, Text = ReasonText.Of(reason, answer.Shelves, answers) }),
        }),
    };
}

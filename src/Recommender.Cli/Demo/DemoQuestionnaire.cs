using System.Text.Json;
using Recommender.Protocol.V1;

namespace Recommender.Cli.Demo;

/// <summary>The demo's questionnaire, and how somebody with a taste answers it.</summary>
internal static class DemoQuestionnaire
{
    public const string Id = "welcome";

    private const int BooksShown = 8;

    /// <summary>Genres as options that mean their books, and pages of books that the service chooses.</summary>
    public static string Definition(Bookshop bookshop) => JsonSerializer.Serialize(new
    {
        id = Id,
        language = "en",
        title = "Welcome",
        purpose = "onboarding",
        order = "adaptive",
        questions = new object[]
        {
            Books("books", "Which of these would you read?"),
            Books("more", "And which of these?"),
            Books("last", "One more shelf?"),
            new
            {
                id = "genres",
                kind = "multi",
                text = "What do you like to read?",
                max = 3,
                options = bookshop.Books.Select(book => book.Genre).Distinct().Select(genre => new { id = IdOf(genre), text = genre.Name, means = $"item.genre == \"{genre.Name}\"" }),
            },
        },
    });

    /// <summary>What somebody would say who loves these genres.</summary>
    public static Answer AnswerOf(Question question, BookshopGenre[] loved, Bookshop bookshop)
    {
        var value = new AnswerValue();
        if (question.Kind == QuestionKind.Multi) value.OptionIds.Add(loved.Select(IdOf));
        var lovedBooks = bookshop.Books.Where(book => loved.Contains(book.Genre)).Select(book => book.Item.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var item in question.Items)
            value.Items.Add(new ItemOpinion { ItemId = item.ItemId, Opinion = lovedBooks.Contains(item.ItemId) ? Opinion.Likes : Opinion.Unfamiliar });
        return new Answer { QuestionId = question.QuestionId, Kind = AnswerKind.Given, Value = value };
    }

    public static string InWords(Question question, Answer answer, DemoTable table)
    {
        if (question.Kind == QuestionKind.Multi) return string.Join(", ", question.Options.Where(option => answer.Value.OptionIds.Contains(option.OptionId)).Select(option => option.Text));
        var liked = answer.Value.Items.Where(item => item.Opinion == Opinion.Likes).Select(item => table.Describe(item.ItemId)).ToArray();
        return liked.Length == 0 ? "none of these" : string.Join(", ", liked);
    }

    private static object Books(string id, string text) => new { id, kind = "items", text, adaptive = BooksShown, max = BooksShown };

    private static string IdOf(BookshopGenre genre) => genre.Name.ToLowerInvariant().Replace(' ', '-');
}

using Recommender.Cli.Terminal;
using Recommender.Protocol.V1;
using Spectre.Console;

namespace Recommender.Cli.Demo;

/// <summary>Shows an answer of the service as people would see it: the books, what is new among them, and why.</summary>
internal sealed class DemoTable(Screen screen, Bookshop bookshop)
{
    private readonly Dictionary<string, BookshopBook> _books = bookshop.Books.ToDictionary(book => book.Item.Id);

    public void Show(string title, RecommendResponse answer, RecommendResponse? earlier)
    {
        var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(title)).AddColumns("", "book", "why");
        foreach (var item in answer.Items)
        {
            bool isNew = earlier is not null && earlier.Items.All(old => old.ItemId != item.ItemId);
            table.AddRow(isNew ? "new" : "", Markup.Escape(_books.ContainsKey(item.ItemId) || !item.Properties.TryGetValue("title", out var named) ? Describe(item.ItemId) : named.Text),
                Markup.Escape(string.Join("; ", item.Reasons.Take(2).Select(reason => reason.Share < 1 ? $"{reason.Text} ({reason.Share:P0})" : reason.Text))));
        }
        screen.Out.Write(table);
    }

    public string Describe(string itemId) => _books.TryGetValue(itemId, out var book) ? Describe(book) : itemId;

    public static string Describe(BookshopBook book) => $"{book.Item.Title} by {book.Author} ({book.Subgenre.Name})";
}

using System.Collections.Immutable;
using Recommender.Catalogue;
using Recommender.ColdStart;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;
using Recommender.Tests.Models;

namespace Recommender.Tests.ColdStart;

/// <summary>Eight authors of ten books each; every reader loves one author and has six of the ten, and two books of anybody.</summary>
internal sealed class AuthorShop
{
    public const int Authors = 8;
    public const int Books = 10;
    public const int Readers = 240;

    public AuthorShop(Recipe? recipe = null, int threads = 2)
    {
        var random = new Random(5);
        var pairs = new List<(int, int)>();
        for (int reader = 0; reader < Readers; reader++)
        {
            foreach (int book in Enumerable.Range(0, Books).OrderBy(_ => random.Next()).Take(6)) pairs.Add((reader, reader % Authors * Books + book));
            for (int other = 0; other < 2; other++) pairs.Add((reader, random.Next(Authors * Books)));
        }
        Set = SmallShop.Set(Readers, Authors * Books, pairs);
        Set = Set with { Catalogue = Enumerable.Range(0, Authors * Books).ToDictionary(book => Set.Items[book], book => Book(Set.Items[book], book / Books, book)) };
        Model = SmallShop.Train(Set, recipe ?? SmallShop.Recipe(), threads);
    }

    public TrainingSet Set { get; }

    public TrainedModel Model { get; }

    public InteractionRow HistoryOf(int reader) => Set.Matrix.Row(reader);

    public static string NameOf(int author) => $"Author {author}";

    public static Item Book(string id, int author, int year) => new(id)
    {
        Attributes = ImmutableSortedDictionary<string, AttributeValue>.Empty.WithComparers(StringComparer.Ordinal)
            .Add("authors", new AttributeValue.TextList([NameOf(author)]))
            .Add("title", new AttributeValue.Text($"The story number {year}"))
            .Add("year", new AttributeValue.Number(1900 + year)),
    };

    /// <summary>A scorer beside whose model each author has a new book; author k's is the k-th number after the model's items.</summary>
    public Scorer WithANewBookEach(TrainedModel? model = null)
    {
        model ??= Model;
        var placed = Enumerable.Range(0, Authors).Select(author =>
            (model.Items.Count + author, model.Placement!.Place(Book($"new {author}", author, author), model.Card.Recipe.NewItems.Lookalikes)));
        return new Scorer(model) { Newcomers = Newcomers.None(model.Items.Count).With([.. placed], model.ItemFactors.Factors) };
    }

    public static ItemMask All(Scorer scorer)
    {
        var mask = new ItemMask(scorer.Newcomers.Length);
        mask.SetAll();
        return mask;
    }

    /// <summary>A mask of the new books alone.</summary>
    public ItemMask NewBooks()
    {
        var mask = new ItemMask(Model.Items.Count + Authors);
        for (int author = 0; author < Authors; author++) mask.Set(Model.Items.Count + author);
        return mask;
    }

    public static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];
}

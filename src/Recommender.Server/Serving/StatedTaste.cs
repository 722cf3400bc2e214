using System.Collections.Concurrent;
using Recommender.Catalogue;
using Recommender.Expressions;
using Recommender.Server.Questionnaires;

namespace Recommender.Server.Serving;

/// <summary>
/// By which of the model's columns an answer speaks: its own once enough people gave it, and until then those of the most popular items
/// that its author says it means. What an expression means is kept from request to request until the catalogue changes.
/// </summary>
internal sealed class StatedTaste
{
    // Fewer who gave an answer teach less about it than its author knows.
    private const int EnoughPeople = 20;

    // More would make several answers a long history, of which what it leaves out speaks.
    private const int MostItems = 10;

    private readonly ConcurrentDictionary<string, Found> _found = new(StringComparer.Ordinal);

    /// <summary>The numbers of columns that share what the answer says equally; none where nothing is known of it.</summary>
    public int[] Of(string answer, Moment now, AnswerMeanings meanings)
    {
        if (TryGetLearned(answer, now, out int column)) return [column];
        if (now.Live.Model is not { } model) return [];
        if (meanings.Find(answer) is { Means.Length: > 0 } meaning && MeantBy(meaning.Means, now) is { Length: > 0 } items) return items;
        return model.Items.TryGetNumber(answer, out column) ? [column] : [];
    }

    /// <summary>The answer's own column, if enough people gave it for the model to know what they like.</summary>
    public static bool TryGetLearned(string answer, Moment now, out int column)
    {
        column = -1;
        return now.Live.Model is { } model && model.Items.TryGetNumber(answer, out column) && model.Popularity.Means[column] * model.Card.Customers >= EnoughPeople;
    }

    private int[] MeantBy(string expression, Moment now)
    {
        long writes = now.Shelves.Writes;
        if (_found.TryGetValue(expression, out var found) && found.Shelves == now.Shelves && found.Writes == writes) return found.Items;
        int[] items = Find(expression, now);
        _found[expression] = new Found(now.Shelves, writes, items);
        return items;
    }

    private static int[] Find(string expression, Moment now)
    {
        try
        {
            var means = now.Shelves.Where(expression, CancellationToken.None);
            var items = new List<int>(MostItems);
            foreach (int item in now.Live.Model!.Popularity.Order)
            {
                if (!means[item]) continue;
                items.Add(item);
                if (items.Count == MostItems) break;
            }
            return [.. items];
        }
        // It fitted the catalogue when it was published. An attribute that is gone since says nothing; the author is told with the next draft.
        catch (ExpressionException) { return []; }
    }

    private sealed record Found(Shelves Shelves, long Writes, int[] Items);
}

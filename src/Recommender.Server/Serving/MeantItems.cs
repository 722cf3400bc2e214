using System.Collections.Concurrent;
using Recommender.Catalogue;
using Recommender.Expressions;

namespace Recommender.Server.Serving;

/// <summary>
/// The items that an option of a questionnaire stands for until the model has learned it: the most popular of those its expression lets
/// through. Kept from request to request until the catalogue changes.
/// </summary>
internal sealed class MeantItems
{
    private const int Most = 15;

    private readonly ConcurrentDictionary<string, Found> _found = new(StringComparer.Ordinal);

    /// <summary>Numbers the live model knows; none where the expression lets nothing through or no longer fits the catalogue.</summary>
    public int[] Of(string expression, Moment now)
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
            var items = new List<int>(Most);
            foreach (int item in now.Live.Model!.Popularity.Order)
            {
                if (!means[item]) continue;
                items.Add(item);
                if (items.Count == Most) break;
            }
            return [.. items];
        }
        // It fitted the catalogue when it was published. An attribute that is gone since says nothing; the author is told with the next draft.
        catch (ExpressionException) { return []; }
    }

    private sealed record Found(Shelves Shelves, long Writes, int[] Items);
}

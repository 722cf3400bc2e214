using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Server.Serving;

namespace Recommender.Server.Questionnaires;

/// <summary>
/// What asking would teach of one person at one moment, and which items to show them. The live model says so; without one no question
/// teaches more than another, and what is shown is what the catalogue has.
/// </summary>
internal sealed class Asking(Moment now, History history)
{
    /// <summary>What an answer is expected to teach; null where that cannot be said.</summary>
    public double? GainOf(Question question) => null;

    /// <summary>The items of a question: the author's, or some that are popular, telling, and not dealt with before.</summary>
    public IReadOnlyList<string> ItemsOf(Question question, CancellationToken cancellation)
    {
        if (question is not Question.Items items) return [];
        if (!items.ItemIds.IsEmpty) return [.. items.ItemIds.Where(itemId => now.Shelves.Find(itemId) is not null)];
        return [.. Candidates(items.Filter, cancellation).Take(items.Adaptive).Select(now.IdOf)];
    }

    private IEnumerable<int> Candidates(string filter, CancellationToken cancellation)
    {
        var eligible = now.Shelves.Eligible.Clone();
        eligible.And(now.Shelves.Where(filter, cancellation));
        var known = history.Entries.Select(entry => entry.ItemId).ToHashSet(StringComparer.Ordinal);
        var order = now.Live.Model is { } model ? model.Popularity.Order.ToArray() : Enumerable.Range(0, eligible.Length);
        return order.Where(item => eligible[item] && !known.Contains(now.IdOf(item)));
    }
}

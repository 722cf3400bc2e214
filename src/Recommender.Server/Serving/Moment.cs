using Recommender.Catalogue;
using Recommender.Scoring;

namespace Recommender.Server.Serving;

/// <summary>The live model and the catalogue as one request sees them, read once and the same from its beginning to its end.</summary>
public sealed record Moment(InService Live, Shelves Shelves)
{
    /// <summary>Whether the live model has learned anything about an item.</summary>
    internal bool Learned(int item) => item < (Live.Model?.Items.Count ?? 0);

    internal string IdOf(int item) => Learned(item) ? Live.Model!.Items[item] : Shelves[item]?.Id ?? "";

    internal int[] LearnedNumbers(IReadOnlyList<string> itemIds) =>
        [.. itemIds.Select(id => Shelves.TryGetNumber(id, out int item) ? item : -1).Where(item => item >= 0 && Learned(item))];

    /// <summary>What may be shown under both filters. Shared: to be read only.</summary>
    /// <exception cref="Expressions.ExpressionException">A filter is not valid for this catalogue.</exception>
    internal ItemMask Eligible(string scenarioFilter, string requestFilter, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(scenarioFilter) && string.IsNullOrWhiteSpace(requestFilter)) return Shelves.Eligible;
        var eligible = Shelves.Eligible.Clone();
        eligible.And(Shelves.Where(scenarioFilter, cancellation));
        eligible.And(Shelves.Where(requestFilter, cancellation));
        return eligible;
    }
}

namespace Recommender.Catalogue;

/// <summary>An attribute that filters name.</summary>
/// <param name="column">What items have of it; null where it is as good as another for every item, and is read where it is stored.</param>
internal sealed class CachedColumn(string attribute, Column? column) : Kept
{
    public Column? Column => column;

    /// <summary>False, and of no use any more, where the column has become too large.</summary>
    public bool TryPut(int number, Item? item) => column is null || column.TryPut(number, item?.Attributes.Find(attribute));

    public CachedColumn Grown(int length) => new(attribute, column?.Grown(length));

    /// <param name="numbers">Each item's new number by its present one; -1 where there is none.</param>
    public CachedColumn Renumbered(int length, ReadOnlySpan<int> numbers) => new(attribute, column?.Renumbered(length, numbers));
}

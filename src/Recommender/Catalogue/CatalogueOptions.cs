using System.ComponentModel.DataAnnotations;

namespace Recommender.Catalogue;

public sealed record CatalogueOptions
{
    /// <summary>
    /// How many filters are kept worked out. Each costs one bit an item and one evaluation a changed item; a filter beyond them is worked
    /// out over the whole catalogue when it comes again.
    /// </summary>
    [Range(1, 65_536)]
    public int CachedFilters { get; init; } = 256;

    /// <summary>
    /// How many of the attributes that filters name are kept in columns, by which a filter that is new is worked out by value instead of by
    /// item. Each costs one to four bytes an item, what its different values take, and a look at every changed item; a filter on an attribute
    /// beyond them reads it of the whole catalogue again. With 0 every new filter looks at every item.
    /// </summary>
    [Range(0, 4_096)]
    public int Columns { get; init; } = 32;
}

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
}

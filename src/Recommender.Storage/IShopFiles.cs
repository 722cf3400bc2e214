namespace Recommender.Storage;

/// <summary>
/// What a shop's owner writes by hand or by a command and every server of the shop reads at its start: <c>recipe.json</c>, <c>keys.json</c>.
/// Can be read and written while servers have the shop open.
/// </summary>
public interface IShopFiles : IAsyncDisposable
{
    /// <summary>For messages: where a file of this name is.</summary>
    string PlaceOf(string name);

    Task<byte[]?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>Writes a file whole: another reader sees the one before or this one.</summary>
    Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation);
}

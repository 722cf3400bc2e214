namespace Recommender.Storage.Tests.Contracts;

/// <summary>A real engine with a place of its own: every opening finds what the one before left.</summary>
public interface IStoreEngine : IAsyncDisposable
{
    Task<IShopStore> OpenAsync(CancellationToken cancellation);

    /// <summary>The owner's files at the same place; the store may be open meanwhile.</summary>
    Task<IShopFiles> OpenFilesAsync(CancellationToken cancellation);
}

/// <summary>What a port promises, whichever engine stands behind it. A subclass names the engine and nothing else.</summary>
public abstract class StoreContract(IStoreEngine engine) : IAsyncLifetime
{
    protected static readonly Tenant Books = Tenant.Default;
    protected static readonly Tenant Wines = new("wines");

    /// <summary>Text of every plane of Unicode, of every UTF-8 length, and what breaks naive quoting, ordering or C strings.</summary>
    public static readonly TheoryData<string> Texts =
    [
        "plain", " ", "'; DROP TABLE events; --", "a\0b", "\"\\/\b\f\n\r\t", "\u0001\u007f", "é", "e\u0301", "日本語", "\u05e9\u05dc\u05d5\u05dd", "\uffff",
        "\U0001F4DA", "\U00020000", "\U000E0041", "\U000F0000", "\U0010FFFD", "👩\u200d👩\u200d👧", "%like_", new string('x', 100_000), "{\"instant\": 1}",
    ];

    protected IShopStore Store { get; private set; } = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Store = await engine.OpenAsync(Stop);

    public virtual async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await engine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task<IShopFiles> OpenFilesAsync() => engine.OpenFilesAsync(Stop);

    protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await engine.OpenAsync(Stop);
    }
}

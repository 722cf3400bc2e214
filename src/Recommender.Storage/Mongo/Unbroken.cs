namespace Recommender.Storage.Mongo;

/// <summary>
/// A write of several steps: the caller's token is looked at before it; once begun it goes on to its end, whatever the caller's deadline. Giving up
/// waiting frees the caller and stops nothing.
/// </summary>
internal static class Unbroken
{
    public static async Task<T> RunAsync<T>(Func<Task<T>> write, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Task<T> begun;
        using (StoreDeadline.Use(null)) begun = write();
        return await begun.WaitAsync(cancellation);
    }

    public static async Task RunAsync(Func<Task> write, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Task begun;
        using (StoreDeadline.Use(null)) begun = write();
        await begun.WaitAsync(cancellation);
    }
}

using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>A stream of messages from the other side. One reader at a time.</summary>
public interface IAsyncStreamReader<out T>
{
    T Current { get; }

    /// <returns>False at the end of the stream.</returns>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

public static class AsyncStreamReaderExtensions
{
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> streamReader) where T : class =>
        streamReader.MoveNext(CancellationToken.None);

    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> streamReader, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await streamReader.MoveNext(cancellationToken).ConfigureAwait(false))
            yield return streamReader.Current;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Grpc.Core;

namespace Recommender.Grpc.Wire;

/// <summary>Takes messages from a pipe and parses them in place: an uncompressed message is never copied.</summary>
internal sealed class MessageReader(PipeReader pipe, int? maxSize, string? encoding) : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;
    private bool _atEnd;

    public override int PayloadLength => (int)_payload.Length;
    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();
    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    /// <returns>The next message, or null at the end of the stream.</returns>
    public async ValueTask<T?> ReadAsync<T>(Func<DeserializationContext, T> deserialize, CancellationToken cancellationToken)
        where T : class
    {
        while (!_atEnd)
        {
            if (!pipe.TryRead(out var read))
                read = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = read.Buffer;
            if (TryTake(buffer, deserialize, out var message, out var end))
            {
                _atEnd = read.IsCompleted && end.Equals(buffer.End);
                pipe.AdvanceTo(end);
                return message;
            }
            if (read.IsCompleted)
            {
                bool cutOff = !buffer.IsEmpty;
                _atEnd = true;
                pipe.AdvanceTo(buffer.End);
                if (cutOff)
                    throw Malformed("The stream ends in the middle of a message.");
            }
            else
            {
                pipe.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        return null;
    }

    /// <returns>The only message of the stream.</returns>
    public async ValueTask<T> ReadSingleAsync<T>(Func<DeserializationContext, T> deserialize, CancellationToken cancellationToken)
        where T : class
    {
        var message = await ReadAsync(deserialize, cancellationToken).ConfigureAwait(false)
            ?? throw Malformed("The stream ends before its message.");
        return _atEnd || await ReadAsync(deserialize, cancellationToken).ConfigureAwait(false) is null
            ? message
            : throw Malformed("The stream has a second message where only one belongs.");
    }

    public static RpcException TooLarge(long size, int maxSize, string approximation = "") =>
        new(new Status(StatusCode.ResourceExhausted, $"The message has {approximation}{size} bytes; at most {maxSize} are taken."));

    private bool TryTake<T>(
        ReadOnlySequence<byte> buffer, Func<DeserializationContext, T> deserialize, out T? message, out SequencePosition end)
        where T : class
    {
        (message, end) = (null, default);
        if (buffer.Length < MessageFrame.HeaderSize)
            return false;
        Span<byte> header = stackalloc byte[MessageFrame.HeaderSize];
        buffer.Slice(0, MessageFrame.HeaderSize).CopyTo(header);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (header[0] > MessageFrame.Compressed)
            throw Malformed($"A message starts with flag {header[0]}; 0 or 1 is valid.");
        if (length > (uint)(maxSize ?? int.MaxValue))
            throw TooLarge(length, maxSize ?? int.MaxValue);
        if (buffer.Length < MessageFrame.HeaderSize + length)
            return false;

        var payload = buffer.Slice(MessageFrame.HeaderSize, length);
        end = payload.End;
        message = header[0] == MessageFrame.Plain ? Parse(payload, deserialize) : ParseCompressed(payload, deserialize);
        return true;
    }

    private T ParseCompressed<T>(ReadOnlySequence<byte> payload, Func<DeserializationContext, T> deserialize) where T : class
    {
        if (encoding is null or "identity")
            throw Malformed("A message is compressed, but the header grpc-encoding names no compression.");
        if (encoding != Gzip.Name)
        {
            throw new RpcException(new Status(
                StatusCode.Unimplemented, $"Compression '{encoding}' is not supported; '{Gzip.Name}' is."));
        }
        using var buffer = new PooledBuffer();
        Gzip.Decompress(payload, maxSize, buffer);
        return Parse(new ReadOnlySequence<byte>(buffer.Written), deserialize);
    }

    private T Parse<T>(ReadOnlySequence<byte> payload, Func<DeserializationContext, T> deserialize) where T : class
    {
        _payload = payload;
        try
        {
            return deserialize(this);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The message is not valid for its type.", e));
        }
        finally
        {
            _payload = default;
        }
    }

    private static RpcException Malformed(string what) => new(new Status(StatusCode.Internal, what));
}

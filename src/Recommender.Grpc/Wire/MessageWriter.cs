using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Core;

namespace Recommender.Grpc.Wire;

/// <summary>Writes messages to a buffer; one of known length goes there without a copy.</summary>
internal sealed class MessageWriter(IBufferWriter<byte> output, int? maxSize) : SerializationContext
{
    private ArrayBufferWriter<byte>? _buffer;
    private int? _length;
    private bool _direct;
    private CompressionLevel? _compression;

    public void Write<T>(T message, Action<T, SerializationContext> serialize, CompressionLevel? compression)
    {
        (_length, _direct, _compression) = (null, false, compression);
        _buffer?.ResetWrittenCount();
        serialize(message, this);
    }

    public override void SetPayloadLength(int payloadLength) => _length = Checked(payloadLength);

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (_length is not { } length || _compression is not null)
            return _buffer ??= new();
        if (!_direct)
        {
            WriteHeader(MessageFrame.Plain, length);
            _direct = true;
        }
        return output;
    }

    public override void Complete(byte[] payload)
    {
        Checked(payload.Length);
        WriteFrame(payload);
    }

    public override void Complete()
    {
        if (_direct)
            return;
        Checked(_buffer?.WrittenCount ?? 0);
        WriteFrame(_buffer is null ? [] : _buffer.WrittenSpan);
    }

    private void WriteFrame(ReadOnlySpan<byte> payload)
    {
        // GZipStream writes nothing at all for an empty message, and nothing is not gzip to other implementations.
        if (_compression is not { } level || payload.IsEmpty)
        {
            WriteHeader(MessageFrame.Plain, payload.Length);
            output.Write(payload);
            return;
        }
        using var compressed = new PooledBuffer();
        Gzip.Compress(payload, level, compressed);
        WriteHeader(MessageFrame.Compressed, compressed.Count);
        output.Write(compressed.Written.Span);
    }

    private void WriteHeader(byte flag, int length)
    {
        var header = output.GetSpan(MessageFrame.HeaderSize);
        header[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)length);
        output.Advance(MessageFrame.HeaderSize);
    }

    private int Checked(int length) => length <= (maxSize ?? int.MaxValue)
        ? length
        : throw new RpcException(new Status(
            StatusCode.ResourceExhausted, $"The message has {length} bytes; at most {maxSize} may be sent."));
}

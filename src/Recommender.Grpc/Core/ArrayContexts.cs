using System.Buffers;

namespace Grpc.Core;

/// <summary>Collects a message into an array, for callers of a marshaller that stand outside a call.</summary>
internal sealed class ArraySerializationContext : SerializationContext
{
    private ArrayBufferWriter<byte>? _buffer;
    private byte[] _payload = [];

    public override void SetPayloadLength(int payloadLength) { }
    public override IBufferWriter<byte> GetBufferWriter() => _buffer ??= new();
    public override void Complete(byte[] payload) => _payload = payload;
    public override void Complete() => _payload = _buffer is null ? [] : _buffer.WrittenSpan.ToArray();
    public byte[] ToArray() => _payload;
}

internal sealed class ArrayDeserializationContext(byte[] payload) : DeserializationContext
{
    public override int PayloadLength => payload.Length;
    public override byte[] PayloadAsNewBuffer() => payload;
    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(payload);
}

using System.Buffers;

namespace Grpc.Core;

/// <summary>What a message is written into. A serializer calls one of the Complete methods exactly once.</summary>
public abstract class SerializationContext
{
    public virtual void Complete(byte[] payload) => throw new NotSupportedException("This context takes no byte array.");
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException("This context has no buffer writer.");

    /// <summary>A length announced before the first byte lets the message go to the output without a copy.</summary>
    public virtual void SetPayloadLength(int payloadLength) => throw new NotSupportedException("This context takes no length.");

    public virtual void Complete() => throw new NotSupportedException("This context has no buffer writer to complete.");
}

/// <summary>What a message is read from; valid only while the deserializer runs.</summary>
public abstract class DeserializationContext
{
    public abstract int PayloadLength { get; }
    public virtual byte[] PayloadAsNewBuffer() => throw new NotSupportedException("This context gives no byte array.");
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw new NotSupportedException("This context gives no sequence.");
}

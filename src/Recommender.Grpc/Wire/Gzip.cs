using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Core;

namespace Recommender.Grpc.Wire;

/// <summary>The one compression that every gRPC implementation has.</summary>
internal static class Gzip
{
    public const string Name = "gzip";

    /// <summary>What a grpc-accept-encoding header says.</summary>
    public const string Accepted = "identity,gzip";

    private const int SizeOfTrailer = 4;

    public static bool IsAcceptedBy(string? acceptEncoding)
    {
        foreach (var range in acceptEncoding.AsSpan().Split(','))
            if (acceptEncoding.AsSpan(range).Trim().Equals(Name, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    public static void Compress(ReadOnlySpan<byte> message, CompressionLevel level, PooledBuffer to)
    {
        using var stream = new GZipStream(new BufferStream(to), level);
        stream.Write(message);
    }

    /// <summary>Decompresses a message, giving up as soon as it is larger than the limit: a bomb costs no more than the limit.</summary>
    public static void Decompress(ReadOnlySequence<byte> payload, int? limit, PooledBuffer to)
    {
        try
        {
            using var stream = new GZipStream(new SequenceStream(payload), CompressionMode.Decompress);
            int read;
            while ((read = stream.Read(to.GetSpan(sizeHint: 4096))) > 0)
            {
                to.Advance(read);
                if (to.Count > limit)
                    throw MessageReader.TooLarge(to.Count, limit.Value, "at least ");
            }
        }
        catch (InvalidDataException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The compressed message is not valid gzip.", e));
        }
        if (!payload.IsEmpty && to.Count != ExpectedSize(payload))
            throw new RpcException(new Status(StatusCode.Internal, "The compressed message is cut off."));
    }

    // GZipStream takes the end of its input for the end of the message, so a cut is seen only in the size that ends a gzip stream
    // (RFC 1952: ISIZE, the length modulo 2^32).
    private static long ExpectedSize(ReadOnlySequence<byte> payload)
    {
        if (payload.Length < SizeOfTrailer)
            return -1;
        Span<byte> trailer = stackalloc byte[SizeOfTrailer];
        payload.Slice(payload.Length - SizeOfTrailer).CopyTo(trailer);
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer);
    }
}

namespace Recommender.Grpc.Wire;

/// <summary>A message on the wire: one flag byte (0 plain, 1 compressed), four bytes of length (big endian), the payload.</summary>
internal static class MessageFrame
{
    public const int HeaderSize = 5;
    public const byte Plain = 0;
    public const byte Compressed = 1;
}

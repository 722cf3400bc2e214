using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Recommender.Cli.Importing;

/// <summary>
/// Ids for events whose source gives none: the same line gets the same id in every import, so that a second import adds nothing.
/// </summary>
internal static class EventIds
{
    /// <summary>A readable prefix and 128 bits of SHA-256 over the parts, each with its length: no two lists of parts look alike.</summary>
    public static string Hash(string source, params ReadOnlySpan<string?> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (string? part in parts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part ?? "");
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return $"{source}:{Convert.ToHexStringLower(digest[..16])}";
    }
}

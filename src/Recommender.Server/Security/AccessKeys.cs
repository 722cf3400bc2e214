using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Recommender.Storage;

namespace Recommender.Server.Security;

/// <summary>
/// The keys of a shop, its owner's file <c>keys.json</c>: SHA-256 of each by its role, so that the file gives nobody a key. A shop without the
/// file trusts its own machine.
/// </summary>
public sealed record AccessKeys(IReadOnlyList<string> Server, IReadOnlyList<string> Browser)
{
    private const string FileName = "keys.json";
    private const int KeyBytes = 32;
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static AccessKeys None { get; } = new([], []);

    public bool IsEmpty => Server.Count == 0 && Browser.Count == 0;

    /// <exception cref="InvalidDataException">The file is there and is not a list of keys.</exception>
    public static async Task<AccessKeys> ReadAsync(IShopFiles files, CancellationToken cancellation)
    {
        if (await files.FindAsync(FileName, cancellation) is not { } json) return None;
        string place = files.PlaceOf(FileName);
        try
        {
            return JsonSerializer.Deserialize<AccessKeys>(json, _json) is { Server: not null, Browser: not null } keys
                ? keys : throw new InvalidDataException($"{place} lacks \"server\" or \"browser\"; make keys with `recommender key`.");
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{place} is not a file of keys ({problem.Message}); restore it, or delete it and make keys with `recommender key`.", problem);
        }
    }

    /// <summary>Makes a key, adds it to the file and returns it: it is nowhere else.</summary>
    public static async Task<string> CreateAsync(IShopFiles files, Role role, CancellationToken cancellation)
    {
        AccessKeys keys = await ReadAsync(files, cancellation);
        string key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        keys = role == Role.Server ? keys with { Server = [.. keys.Server, HashOf(key)] } : keys with { Browser = [.. keys.Browser, HashOf(key)] };
        await files.WriteAsync(FileName, JsonSerializer.SerializeToUtf8Bytes(keys, _json), cancellation);
        return key;
    }

    // Hashes are compared, so the time it takes tells nothing of the key.
    public Role RoleOf(string key)
    {
        string hash = HashOf(key);
        return Server.Contains(hash) ? Role.Server : Browser.Contains(hash) ? Role.Browser : Role.Stranger;
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}

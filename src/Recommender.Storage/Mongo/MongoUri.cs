using System.Buffers;

namespace Recommender.Storage.Mongo;

/// <summary>
/// The parts of a connection URI that a store itself needs; the rest is the driver's. What it says of a URI that is wrong never has in it what could be
/// a part of a password.
/// </summary>
/// <param name="Servers">Host and port, or the name that is looked up, as they stand in the URI.</param>
/// <param name="Database">The database in its path; null if there is none.</param>
internal sealed record MongoUri(string Scheme, string Servers, string? Database)
{
    private const string Encoding = "percent-encode the characters : / ? # [ ] @ % in the user name and the password";
    private const int LongestName = 63;
    private static readonly SearchValues<char> _noNames = SearchValues.Create("/\\. \"$*<>:|?\0");

    /// <exception cref="UnusableLocationException">It cannot be used.</exception>
    public static MongoUri Parse(string text)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) throw Unusable("it does not begin with mongodb:// or mongodb+srv://");
        string rest = text[(scheme + 3)..];
        int end = rest.AsSpan().IndexOfAny('/', '?');
        string authority = end < 0 ? rest : rest[..end];
        int at = authority.LastIndexOf('@');
        if (at >= 0) Check(authority[..at]);
        string servers = authority[(at + 1)..];
        string path = end < 0 || rest[end] == '?' ? "" : rest[(end + 1)..].Split('?', 2)[0];
        if (path.Contains('@', StringComparison.Ordinal) || (at < 0 && rest.Contains('@', StringComparison.Ordinal))) throw Unusable(Encoding);
        if (!IsEncoded(rest[(at + 1)..])) throw Unusable("the URI has a wrong percent-encoding");
        if (servers.Length == 0) throw Unusable("it names no server");
        string database = Uri.UnescapeDataString(path);
        if (database.AsSpan().IndexOfAny(_noNames) >= 0) throw Unusable($"\"{database}\" cannot be the name of a database");
        if (System.Text.Encoding.UTF8.GetByteCount(database) > LongestName) throw Unusable($"\"{database}\" is too long for the name of a database; it may have {LongestName} bytes");
        return new MongoUri(text[..scheme], servers, database.Length == 0 ? null : database);
    }

    /// <summary>What a driver says of a URI, unless it may be about the credentials: then it may quote them.</summary>
    public static StoreException UnusableTo(string driver, string reason) => new(Sentence(
        reason.Contains("assword", StringComparison.Ordinal) || reason.Contains("user", StringComparison.OrdinalIgnoreCase)
            ? $"{driver} does not take its user name and password; {Encoding}" : $"{driver} says: {reason.TrimEnd('.')}"));

    private static UnusableLocationException Unusable(string reason) => new(Sentence(reason));

    private static string Sentence(string reason) => $"The URI of the MongoDB cannot be used: {reason}.";

    private static void Check(string credentials)
    {
        if (credentials.AsSpan().IndexOfAny("#[]@") >= 0 || credentials.Count(letter => letter == ':') > 1) throw Unusable(Encoding);
        if (!IsEncoded(credentials)) throw Unusable(Encoding);
    }

    private static bool IsEncoded(string text)
    {
        for (int i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])) return false;
        }
        return true;
    }
}

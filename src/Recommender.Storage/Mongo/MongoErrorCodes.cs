namespace Recommender.Storage.Mongo;

/// <summary>The error codes that mean something to a store (src/mongo/base/error_codes.yml of the server).</summary>
internal static class MongoErrorCodes
{
    public const int NamespaceNotFound = 26;
    public const int NamespaceExists = 48;
    public const int MaxTimeExpired = 50;
    public const int InvalidOptions = 72;
    public const int CommandNotSupported = 115;
    public const int WriteConflict = 112;
    public const int DocumentValidationFailure = 121;
    public const int DuplicateKey = 11000;
    public const int AuthenticationFailed = 18;
    private const int Unauthorized = 13;

    // Another server is, or will be, the primary; the command was not carried out, or will be rolled back.
    private static readonly HashSet<int> _moved = [6, 7, 89, 91, 133, 134, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436];
    private static readonly HashSet<int> _full = [14031, 12587];

    public static bool IsTransient(MongoCommandException refusal) =>
        IsTransient(refusal.Code) || refusal.Labels.Contains("RetryableWriteError", StringComparer.Ordinal);

    public static bool IsTransient(int code) => code == WriteConflict || _moved.Contains(code);

    public static bool IsFull(int code) => _full.Contains(code);

    public static bool IsForbidden(int code) => code is Unauthorized or AuthenticationFailed;
}

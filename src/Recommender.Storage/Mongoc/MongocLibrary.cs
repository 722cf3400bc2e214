using System.Runtime.InteropServices;

namespace Recommender.Storage.Mongoc;

/// <summary>Finds libmongoc and its libbson, which are no part of this program: of version 1 or 2, both of the same.</summary>
internal static class MongocLibrary
{
    /// <summary>An environment variable with the folder of the two, where the system does not find them by itself; then they are looked for nowhere else.</summary>
    public const string FolderVariable = "RECOMMENDER_LIBMONGOC";

    private static readonly (string Mongoc, string Bson)[] _names =
    [
        ("libmongoc-1.0.so.0", "libbson-1.0.so.0"), ("libmongoc2.so.2", "libbson2.so.2"),
        ("libmongoc-1.0.0.dylib", "libbson-1.0.0.dylib"), ("libmongoc2.2.dylib", "libbson2.2.dylib"),
        ("mongoc-1.0.dll", "bson-1.0.dll"), ("mongoc2.dll", "bson2.dll"),
    ];

    private static readonly Lazy<(nint Mongoc, nint Bson)> _loaded = new(() => Load(Environment.GetEnvironmentVariable(FolderVariable)));

    public static nint Mongoc => _loaded.Value.Mongoc;

    public static nint Bson => _loaded.Value.Bson;

    /// <exception cref="StoreException">It is not installed.</exception>
    public static void Demand()
    {
        if (Mongoc != 0) return;
        throw new StoreException(
            "A MongoDB store needs libmongoc, MongoDB's C driver, which was not found; install it with `apt-get install libmongoc-1.0-0` (Debian, Ubuntu; " +
            "libmongoc2-2 in newer ones), `dnf install mongo-c-driver-libs` (Fedora), `brew install mongo-c-driver` (macOS) or `vcpkg install mongo-c-driver` " +
            $"(Windows), or name the folder that it is in by the environment variable {FolderVariable}.");
    }

    private static (nint Mongoc, nint Bson) Load(string? folder)
    {
        // Homebrew's folder on Apple's own processors is not among those that macOS looks in.
        string[] places = folder is not null ? [folder] : OperatingSystem.IsMacOS() ? ["", "/opt/homebrew/lib"] : [""];
        foreach (string place in places)
        {
            foreach (var (mongoc, bson) in _names)
            {
                // libbson first: libmongoc needs it, and takes the one that is there.
                if (NativeLibrary.TryLoad(Path.Combine(place, bson), out nint bsonLibrary)
                    && NativeLibrary.TryLoad(Path.Combine(place, mongoc), out nint mongocLibrary)) return (mongocLibrary, bsonLibrary);
            }
        }
        return default;
    }
}

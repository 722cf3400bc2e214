using System.Runtime.InteropServices;

namespace Recommender.Storage.Mongoc;

/// <summary>
/// The functions of libmongoc and libbson that are used, the same in 1.21 and later and in 2.x. A client belongs to one thread at a time, a pool to all; every
/// reply, also that of a failure, must be destroyed.
/// </summary>
internal static unsafe partial class Native
{
    private const string Mongoc = "mongoc";
    private const string Bson = "bson";

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly,
        (name, _, _) => name switch { Mongoc => MongocLibrary.Mongoc, Bson => MongocLibrary.Bson, _ => 0 });

    [LibraryImport(Mongoc, EntryPoint = "mongoc_init")]
    public static partial void Initialise();

    /// <summary>With nothing for a handler: its own lines, which would go to stderr, are not written. What matters of them is in the errors.</summary>
    [LibraryImport(Mongoc, EntryPoint = "mongoc_log_set_handler")]
    public static partial void LogTo(nint handler, nint context);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_new_with_error", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewUri(string uri, BsonError* error);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_destroy")]
    public static partial void DestroyUri(nint uri);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_set_option_as_int32", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetOption(nint uri, string option, int value);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_has_option", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool HasOption(nint uri, string option);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_get_option_as_int32", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OptionOf(nint uri, string option, int otherwise);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_get_appname")]
    public static partial byte* ApplicationOf(nint uri);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_uri_set_appname", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetApplication(nint uri, string name);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_pool_new_with_error")]
    public static partial nint NewPool(nint uri, BsonError* error);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_pool_destroy")]
    public static partial void DestroyPool(nint pool);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_pool_max_size")]
    public static partial void LimitPool(nint pool, uint clients);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_pool_set_error_api")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetErrorVersion(nint pool, int version);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_pool_pop")]
    public static partial nint Pop(nint pool);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_pool_push")]
    public static partial void Push(nint pool, nint client);

    /// <summary>Runs a command on the primary, or by the client's own read preference, once.</summary>
    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_command_with_opts", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool Command(nint client, string database, BsonHandle* command, nint readPreference, BsonHandle* options, BsonHandle* reply, BsonError* error);

    [LibraryImport(Mongoc, EntryPoint = "mongoc_client_get_read_prefs")]
    public static partial nint ReadPreferenceOf(nint client);

    [LibraryImport(Bson, EntryPoint = "bson_init_static")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool Borrow(BsonHandle* bson, byte* data, nuint length);

    [LibraryImport(Bson, EntryPoint = "bson_get_data")]
    public static partial byte* DataOf(BsonHandle* bson);

    [LibraryImport(Bson, EntryPoint = "bson_destroy")]
    public static partial void Destroy(BsonHandle* bson);
}

/// <summary>bson_t: 128 bytes, to be aligned at 128.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct BsonHandle
{
    public uint Flags;
    public uint Length;
}

/// <summary>bson_error_t: 512 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 512)]
internal unsafe struct BsonError
{
    public uint Domain;
    public uint Code;
    private fixed byte _message[504];

    public override string ToString()
    {
        fixed (byte* message = _message) return Marshal.PtrToStringUTF8((nint)message) ?? "";
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Recommender.Interactions;
using SQLitePCL;

namespace Recommender.Storage.Sqlite;

/// <summary>
/// A prepared statement: values are given in the order of its question marks, rows are read by column. Disposing gives it back to its
/// connection, ready for the next use.
/// </summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle) : IDisposable
{
    // Strict: half a surrogate pair is refused, never stored as something else.
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private const int LongestOnStack = 512;

    private int _given;

    public Statement With(string? value)
    {
        if (value is null) return WithNull();
        if (value.Length > LongestOnStack / 3) return WithText(_utf8.GetBytes(value));
        Span<byte> utf8 = stackalloc byte[LongestOnStack];
        return WithText(utf8[.._utf8.GetBytes(value, utf8)]);
    }

    public Statement With(long value)
    {
        connection.Check(raw.sqlite3_bind_int64(handle, ++_given, value));
        return this;
    }

    public Statement With(long? value) => value is long number ? With(number) : WithNull();

    public Statement With(double value)
    {
        connection.Check(raw.sqlite3_bind_double(handle, ++_given, value));
        return this;
    }

    public Statement With(double? value) => value is double number ? With(number) : WithNull();

    /// <summary>As text: no binary fraction holds a price exactly.</summary>
    public Statement With(decimal? value)
    {
        if (value is not decimal number) return WithNull();
        Span<byte> digits = stackalloc byte[64];
        number.TryFormat(digits, out int length, provider: CultureInfo.InvariantCulture);
        return WithText(digits[..length]);
    }

    /// <summary>As 100 ns since 1970 in UTC: the whole precision of the type; the offset is not kept.</summary>
    public Statement With(DateTimeOffset value) => With(value.UtcTicks - DateTime.UnixEpoch.Ticks);

    public Statement With(DateTimeOffset? value) => value is DateTimeOffset moment ? With(moment) : WithNull();

    /// <summary>Two values: the kind and the id.</summary>
    public Statement With(Person value) => With((long)value.Kind).With(value.Id);

    /// <summary>Text that is UTF-8 already (JSON).</summary>
    public Statement WithText(ReadOnlySpan<byte> utf8)
    {
        connection.Check(raw.sqlite3_bind_text(handle, ++_given, utf8));
        return this;
    }

    public Statement WithTextOrNull(byte[]? utf8) => utf8 is null ? WithNull() : WithText(utf8);

    /// <summary>The next row, or false after the last.</summary>
    public bool Step()
    {
        int code = raw.sqlite3_step(handle);
        connection.Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs to the end and says how many rows were changed.</summary>
    public int Run()
    {
        while (Step()) { }
        return connection.Changes;
    }

    /// <summary>The rows that are left.</summary>
    public List<T> ReadAll<T>(Func<Statement, T> read)
    {
        var rows = new List<T>();
        while (Step()) rows.Add(read(this));
        return rows;
    }

    public bool IsNull(int column) => sqlite3_column_type(handle.DangerousGetHandle(), column) == raw.SQLITE_NULL;

    public long Long(int column) => sqlite3_column_int64(handle.DangerousGetHandle(), column);

    public double Double(int column) => raw.sqlite3_column_double(handle, column);

    public double? DoubleOrNull(int column) => IsNull(column) ? null : Double(column);

    public decimal? DecimalOrNull(int column) => IsNull(column) ? null : decimal.Parse(Utf8Text(column), CultureInfo.InvariantCulture);

    public DateTimeOffset Instant(int column) => new(DateTime.UnixEpoch.Ticks + Long(column), TimeSpan.Zero);

    public DateTimeOffset? InstantOrNull(int column) => IsNull(column) ? null : Instant(column);

    /// <summary>Of two columns: the kind, and the id beside it.</summary>
    public Person Person(int column) => new((PersonKind)Long(column), Text(column + 1));

    public string Text(int column) => _utf8.GetString(Utf8Text(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The bytes of a text column; valid until the next step.</summary>
    public unsafe ReadOnlySpan<byte> Utf8Text(int column)
    {
        nint row = handle.DangerousGetHandle();
        byte* bytes = sqlite3_column_blob(row, column);
        return new(bytes, sqlite3_column_bytes(row, column));
    }

    // The result of a reset repeats the error of the step before it, which has been thrown already.
    public void Dispose()
    {
        raw.sqlite3_reset(handle);
        raw.sqlite3_clear_bindings(handle);
        _given = 0;
    }

    public void Finish() => handle.Dispose();

    private Statement WithNull()
    {
        connection.Check(raw.sqlite3_bind_null(handle, ++_given));
        return this;
    }

    // SQLite's own, which only look into a row that is there: around them the wrapper's safety costs many times what they do, and a
    // catalogue has millions of columns. A statement in use is not finished.
    [DllImport("e_sqlite3"), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int sqlite3_column_type(nint statement, int column);

    [DllImport("e_sqlite3"), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern long sqlite3_column_int64(nint statement, int column);

    [DllImport("e_sqlite3"), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern unsafe byte* sqlite3_column_blob(nint statement, int column);

    [DllImport("e_sqlite3"), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int sqlite3_column_bytes(nint statement, int column);
}

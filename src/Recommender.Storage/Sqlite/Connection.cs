using System.Globalization;
using SQLitePCL;

namespace Recommender.Storage.Sqlite;

/// <summary>
/// One SQLite connection with its prepared statements, for one thread at a time. It speaks to SQLite's C interface as SQLitePCLRaw exposes it:
/// text goes in and out as UTF-8 spans, statements are prepared once, and a running one can be interrupted.
/// </summary>
internal sealed class Connection : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly string _file;
    private readonly Dictionary<string, Statement> _statements = [];

    private Connection(sqlite3 handle, string file)
    {
        _handle = handle;
        _file = file;
    }

    public static Connection Open(string file)
    {
        Batteries_V2.Init();
        int code = raw.sqlite3_open_v2(file, out sqlite3 handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null);
        var connection = new Connection(handle, file);
        try
        {
            connection.Check(code);
            raw.sqlite3_extended_result_codes(handle, 1);
            // A copying tool (sqlite3's .backup) may hold a lock for moments; our own connections never wait for one another.
            raw.sqlite3_busy_timeout(handle, 5_000);
        }
        catch (StoreException)
        {
            connection.Dispose();
            throw;
        }
        return connection;
    }

    /// <summary>A prepared statement, given back by disposing it. The same text cannot be in use twice at a time.</summary>
    public Statement Use(string sql)
    {
        if (_statements.TryGetValue(sql, out Statement? statement)) return statement;
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt prepared));
        statement = new Statement(this, prepared);
        _statements.Add(sql, statement);
        return statement;
    }

    /// <summary>Runs statements that bring no rows and carry no values (pragmas, schema).</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    public long ReadPragma(string name)
    {
        using Statement pragma = Use($"PRAGMA {name}");
        return pragma.Step() ? pragma.Long(0) : 0;
    }

    public void SetPragma(string name, long value) => Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA {name}={value}"));

    /// <summary>Several reads that see one state of the file.</summary>
    public T ReadTogether<T>(Func<Connection, T> read)
    {
        Execute("BEGIN");
        try
        {
            return read(this);
        }
        finally
        {
            Execute("COMMIT");
        }
    }

    /// <summary>How many rows the last statement inserted, changed or deleted.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Stops the running statement, from any thread. Without one it does nothing.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_handle);

    public void Check(int code)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE) return;
        string message = raw.sqlite3_errmsg(_handle).utf8_to_string();
        if ((code & 0xff) == raw.SQLITE_INTERRUPT) throw new OperationCanceledException(message);
        throw SqliteFailure.From(code, message, _file);
    }

    public void Dispose()
    {
        foreach (Statement statement in _statements.Values) statement.Finish();
        _statements.Clear();
        _handle.Dispose();
    }
}

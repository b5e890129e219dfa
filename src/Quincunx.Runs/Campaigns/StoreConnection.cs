using Microsoft.Data.Sqlite;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Campaigns;

/// <summary>An open store: one SQLite file with the campaigns of a run.</summary>
/// <remarks>
/// While it is written the journal is a write-ahead log, so that others can read what was committed; sealed, the store is the one file alone.
/// Content is kept once for each hash; blocks refer to it.
/// </remarks>
internal sealed class StoreConnection : IDisposable
{
    public const int Format = 1;

    // "QNXC", so that another program's database is told from a store.
    private const int Application = 0x514E5843;

    private const string Schema = """
        CREATE TABLE campaigns (id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE, parameters TEXT NOT NULL, outputs TEXT NOT NULL);
        CREATE TABLE contents (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL);
        CREATE TABLE blocks (
            campaign INTEGER NOT NULL REFERENCES campaigns (id), first INTEGER NOT NULL, rows INTEGER NOT NULL, failed_rows BLOB, hash BLOB NOT NULL, mark BLOB NOT NULL,
            PRIMARY KEY (campaign, first)) WITHOUT ROWID;
        CREATE INDEX blocks_by_hash ON blocks (hash);
        CREATE TABLE failures (
            campaign INTEGER NOT NULL REFERENCES campaigns (id), event INTEGER NOT NULL, theta BLOB NOT NULL, message TEXT NOT NULL, PRIMARY KEY (campaign, event)) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    private StoreConnection(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens a store, or makes an empty one.</summary>
    /// <exception cref="SqliteException">The file cannot be used.</exception>
    /// <exception cref="ArtifactException">It is of a newer format, or no store.</exception>
    public static StoreConnection ToWrite(string path)
    {
        StoreConnection store = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            if (store.Number("SELECT count(*) FROM sqlite_schema") == 0)
            {
                // A page holds some rows of an index, or a sixteenth of a block: a block is read and written in 64 steps rather than 256.
                store.Execute("PRAGMA page_size = 16384");
                store.Execute("PRAGMA journal_mode = WAL");
                store.Execute("BEGIN IMMEDIATE");
                store.Execute(FormattableString.Invariant($"PRAGMA application_id = {Application}"));
                store.Execute(FormattableString.Invariant($"PRAGMA user_version = {Format}"));
                store.Execute(Schema);
                store.Execute("COMMIT");
            }

            store.RequireOurs(path);
            store.Execute("PRAGMA journal_mode = WAL");

            // With a write-ahead log a process that is killed loses nothing that it committed; a machine that loses power may lose the last commits, whole.
            store.Execute("PRAGMA synchronous = NORMAL");

            // The log is taken over into the file every 64 MiB. Each time waits for the disk twice, and by default that is every 1000 pages, which was two thirds of the time of storing.
            store.Execute("PRAGMA wal_autocheckpoint = 4096");
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Opens a store that is there, to read.</summary>
    /// <exception cref="SqliteException">The file cannot be used.</exception>
    /// <exception cref="ArtifactException">There is none, or it is of a newer format, or no store.</exception>
    public static StoreConnection ToRead(string path)
    {
        if (!File.Exists(path))
        {
            throw new ArtifactException(path, "no such file", "the store of simulations (run the study again: it makes anew what is missing)");
        }

        StoreConnection store = Open(path, SqliteOpenMode.ReadOnly);
        try
        {
            store.RequireOurs(path);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Runs a statement.</summary>
    /// <param name="values">Of the parameters $1, $2 and so on.</param>
    public void Execute(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteNonQuery();

    /// <summary>Runs a statement that gives one whole number, or none, which is 0.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteScalar() is { } value and not DBNull ? Convert.ToInt64(value) : 0;

    /// <summary>Runs a query. The next call with the same text needs the reader to be disposed.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteReader();

    /// <summary>Reads the beginning of a content into memory.</summary>
    /// <param name="content">Its number.</param>
    /// <returns>Whether there are so many bytes.</returns>
    public bool Read(long content, Span<byte> into)
    {
        using var blob = new SqliteBlob(_connection, "contents", "bytes", content, readOnly: true);
        return blob.Length >= into.Length && blob.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) == into.Length;
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private static StoreConnection Open(string path, SqliteOpenMode mode)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            return new StoreConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void RequireOurs(string path)
    {
        if (Number("PRAGMA application_id") != Application)
        {
            throw new ArtifactException(path, "a database of another program", "a store of simulations (move it away, or choose another folder with --out)");
        }

        long format = Number("PRAGMA user_version");
        if (format != Format)
        {
            throw new ArtifactException(path, $"format {format}, of a newer version of Quincunx", $"format {Format} (use the newer version, or another folder with --out; nothing was changed)");
        }
    }

    private SqliteCommand Prepared(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = FormattableString.Invariant($"${i}") });
            }

            _commands.Add(sql, command);
        }

        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}

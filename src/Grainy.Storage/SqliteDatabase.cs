using Microsoft.Data.Sqlite;

namespace Grainy.Storage;

/// <summary>One SQLite file: grain state and reminders. Write-ahead log, durable on commit.</summary>
public sealed class SqliteDatabase
{
    private static readonly string[] Scripts = ["Sqlite-GrainState.sql", "Sqlite-Reminders.sql"];

    /// <summary>Opens the file, or creates it, and brings its tables up to date; doing it again changes nothing.</summary>
    /// <exception cref="IOException">The file cannot be created, or is not a database.</exception>
    public SqliteDatabase(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = System.IO.Path.GetFullPath(path);
        ConnectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            DefaultTimeout = 20, // seconds to wait for another writer
        }.ToString();
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            ApplyScripts();
        }
        catch (Exception error) when (error is SqliteException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The database '{Path}' cannot be opened ({error.Message}); check that the folder is writable and the file is Grainy's own.", error);
        }
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>For providers that open their own connections.</summary>
    public string ConnectionString { get; }

    /// <summary>A new open connection; the caller disposes it.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA synchronous=FULL");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void ApplyScripts()
    {
        using var connection = Open();
        Execute(connection, "PRAGMA journal_mode=WAL");
        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var script in Scripts)
        {
            Execute(connection, ReadScript(script));
        }

        transaction.Commit();
    }

    private static string ReadScript(string name)
    {
        using var stream = typeof(SqliteDatabase).Assembly.GetManifestResourceStream($"Grainy.Storage.Schema.{name}")
            ?? throw new InvalidOperationException($"The schema script '{name}' is not part of this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the text comes from this assembly alone
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}

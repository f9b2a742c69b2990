namespace Grainy.Storage.Tests;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Database_should_log_ahead_and_be_durable_on_commit()
    {
        using var connection = new SqliteDatabase(_folder.File("new/grainy.db")).Open();

        Ask(connection, "PRAGMA journal_mode").ShouldBe("wal");
        Ask(connection, "PRAGMA synchronous").ShouldBe("2");
    }

    [Fact]
    public void Scripts_should_change_nothing_when_they_are_applied_again()
    {
        using var before = new SqliteDatabase(_folder.File("grainy.db")).Open();
        var tables = Ask(before, "SELECT group_concat(name) FROM sqlite_master");

        using var after = new SqliteDatabase(_folder.File("grainy.db")).Open();

        Ask(after, "SELECT group_concat(name) FROM sqlite_master").ShouldBe(tables);
        Ask(after, "SELECT count(*) FROM OrleansQuery").ShouldBe("7");
    }

    [Fact]
    public void Opening_should_say_what_is_wrong_when_the_file_is_no_database()
    {
        File.WriteAllText(_folder.File("text.db"), new string('x', 5000));

        var error = Should.Throw<IOException>(() => new SqliteDatabase(_folder.File("text.db")));

        error.Message.ShouldContain("text.db");
        error.Message.ShouldContain("check that");
    }

    private static string? Ask(Microsoft.Data.Sqlite.SqliteConnection connection, string question)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants above
        command.CommandText = question;
#pragma warning restore CA2100
        return command.ExecuteScalar()?.ToString();
    }
}

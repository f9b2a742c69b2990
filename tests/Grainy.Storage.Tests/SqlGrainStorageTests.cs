using Orleans.Storage;

namespace Grainy.Storage.Tests;

/// <summary>What the runtime expects of grain storage, and the defects that other storages are known for.</summary>
public sealed class SqlGrainStorageTests : IDisposable
{
    private static readonly GrainId Grain = StorageProbe.Grain("note", "one");
    private readonly TemporaryFolder _folder = new();
    private readonly StorageProbe _probe;

    public SqlGrainStorageTests() => _probe = new StorageProbe(_folder.File("grainy.db"));

    public void Dispose()
    {
        _probe.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Read_should_give_a_fresh_state_without_a_record_when_nothing_is_stored()
    {
        var state = await _probe.ReadAsync(Grain);

        state.RecordExists.ShouldBeFalse();
        state.ETag.ShouldBeNull();
        state.State.ShouldBe(new NoteState());
    }

    [Fact]
    public async Task Read_should_give_back_what_was_written_including_infinite_numbers_and_nothing()
    {
        var written = new GrainState<NoteState>(new NoteState { Text = "ä\n\"", Value = double.PositiveInfinity, Lines = ["a", ""] });
        await _probe.Storage.WriteStateAsync(StorageProbe.Name, Grain, written);

        var read = await _probe.ReadAsync(Grain);

        read.RecordExists.ShouldBeTrue();
        read.ETag.ShouldBe(written.ETag);
        (read.State!.Text, read.State.Value).ShouldBe(("ä\n\"", double.PositiveInfinity));
        read.State.Lines.ShouldBe(["a", ""]);
    }

    [Fact]
    public async Task Write_should_be_refused_when_another_writer_made_the_record_first()
    {
        var (first, second) = (await _probe.ReadAsync(Grain), await _probe.ReadAsync(Grain));
        await _probe.WriteAsync(Grain, first, "first");

        await Should.ThrowAsync<InconsistentStateException>(() => _probe.WriteAsync(Grain, second, "second"));

        (await _probe.ReadAsync(Grain)).State!.Text.ShouldBe("first");
    }

    [Fact]
    public async Task Write_should_be_refused_when_the_record_changed_since_it_was_read()
    {
        await _probe.WriteAsync(Grain, await _probe.ReadAsync(Grain), "begin");
        var (first, second) = (await _probe.ReadAsync(Grain), await _probe.ReadAsync(Grain));
        await _probe.WriteAsync(Grain, first, "first");

        await Should.ThrowAsync<InconsistentStateException>(() => _probe.WriteAsync(Grain, second, "second"));

        (await _probe.ReadAsync(Grain)).State!.Text.ShouldBe("first");
    }

    [Fact]
    public async Task Clear_should_be_refused_when_the_record_changed_since_it_was_read()
    {
        await _probe.WriteAsync(Grain, await _probe.ReadAsync(Grain), "begin");
        var (first, second) = (await _probe.ReadAsync(Grain), await _probe.ReadAsync(Grain));
        await _probe.WriteAsync(Grain, first, "first");

        await Should.ThrowAsync<InconsistentStateException>(() => _probe.ClearAsync(Grain, second));

        (await _probe.ReadAsync(Grain)).State!.Text.ShouldBe("first");
    }

    [Fact]
    public async Task Write_should_be_refused_when_the_record_was_cleared_since_it_was_read()
    {
        await _probe.WriteAsync(Grain, await _probe.ReadAsync(Grain), "begin");
        var (first, second) = (await _probe.ReadAsync(Grain), await _probe.ReadAsync(Grain));
        await _probe.ClearAsync(Grain, first);

        await Should.ThrowAsync<InconsistentStateException>(() => _probe.WriteAsync(Grain, second, "second"));

        (await _probe.ReadAsync(Grain)).RecordExists.ShouldBeFalse();
    }

    [Fact]
    public async Task Record_should_be_made_anew_after_clearing_and_not_by_who_never_saw_it()
    {
        var never = await _probe.ReadAsync(Grain);
        var state = await _probe.ReadAsync(Grain);
        await _probe.WriteAsync(Grain, state, "begin");
        await _probe.ClearAsync(Grain, state);
        state.State.ShouldBe(new NoteState());

        await Should.ThrowAsync<InconsistentStateException>(() => _probe.WriteAsync(Grain, never, "ghost"));
        await _probe.WriteAsync(Grain, state, "again");

        (await _probe.ReadAsync(Grain)).State!.Text.ShouldBe("again");
    }

    [Fact]
    public async Task Clear_should_store_nothing_when_there_is_no_record()
    {
        var state = await _probe.ReadAsync(Grain);

        await _probe.ClearAsync(Grain, state);
        await _probe.WriteAsync(Grain, state, "first");

        (await _probe.ReadAsync(Grain)).ETag.ShouldBe("1");
    }

    [Theory]
    [InlineData("user", "alice", "dataset", "alice")] // the same key in two types
    [InlineData("note", "20235", "note", "020235")] // keys that look like numbers
    [InlineData("note", "7f3a", "note", "7F3A")]
    [InlineData("note", "deadbeef", "note", "0DEADBEEF")]
    public async Task States_should_be_apart_when_identities_differ(string type, string key, string otherType, string otherKey)
    {
        var (one, other) = (StorageProbe.Grain(type, key), StorageProbe.Grain(otherType, otherKey));
        await _probe.WriteAsync(one, await _probe.ReadAsync(one), "mine");

        (await _probe.ReadAsync(other)).RecordExists.ShouldBeFalse();
    }

    [Fact]
    public async Task States_should_be_apart_when_names_or_services_differ()
    {
        await _probe.WriteAsync(Grain, await _probe.ReadAsync(Grain), "mine");
        using var elsewhere = new StorageProbe(_folder.File("grainy.db"), "another service");

        (await _probe.ReadAsync(Grain, "another name")).RecordExists.ShouldBeFalse();
        (await elsewhere.ReadAsync(Grain)).RecordExists.ShouldBeFalse();
    }

    [Fact]
    public async Task State_should_be_there_when_the_file_is_copied_away_without_closing_it()
    {
        await _probe.WriteAsync(Grain, await _probe.ReadAsync(Grain), "durable");
        // What a killed process leaves: the file and its log as they are on the disk, never closed.
        foreach (var file in Directory.GetFiles(_folder.Path, "grainy.db*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, file.Replace("grainy.db", "after.db", StringComparison.Ordinal));
        }

        using var after = new StorageProbe(_folder.File("after.db"));

        (await after.ReadAsync(Grain)).State!.Text.ShouldBe("durable");
    }

    [Fact]
    public async Task Writes_should_all_arrive_when_many_grains_write_at_once()
    {
        var grains = Enumerable.Range(0, 50).Select(i => StorageProbe.Grain("note", $"many-{i}")).ToArray();

        await Task.WhenAll(grains.Select(async grain =>
        {
            var state = await _probe.ReadAsync(grain);
            for (var i = 0; i < 5; i++)
            {
                await _probe.WriteAsync(grain, state, $"{i}");
            }
        }));

        var read = await Task.WhenAll(grains.Select(grain => _probe.ReadAsync(grain)));
        read.ShouldAllBe(state => state.State!.Text == "4" && state.ETag == "5");
    }

    [Fact]
    public async Task Read_should_say_what_to_do_when_a_later_version_wrote_the_state()
    {
        await _probe.WriteAsync(Grain, await _probe.ReadAsync(Grain), "begin");
        var database = new SqliteDatabase(_folder.File("grainy.db"));
        using (var connection = database.Open())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE grain_state SET payload = CAST('{\"schema\":2,\"state\":{\"text\":\"x\"}}' AS BLOB)";
            command.ExecuteNonQuery().ShouldBe(1);
        }

        var error = await Should.ThrowAsync<InvalidDataException>(() => _probe.ReadAsync(Grain));

        error.Message.ShouldContain("start the later version");
    }
}

using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Grainy.Storage;

/// <summary>
/// Grain state in a SQL table: the whole grain identity in the key, a version as ETag, one statement per write. The same text runs on SQLite and PostgreSQL.
/// </summary>
/// <param name="open">Opens a connection; each operation disposes its own.</param>
/// <param name="oneWriter">True for SQLite: writers wait here instead of in the database, and its calls, which block, leave the grain's thread.</param>
public sealed class SqlGrainStorage(
    Func<DbConnection> open, bool oneWriter, IGrainStorageSerializer serializer, IActivatorProvider activators, IOptions<ClusterOptions> cluster, TimeProvider clock)
    : IGrainStorage, IDisposable
{
    private const string Select = "SELECT version, payload FROM grain_state WHERE service = @service AND grain = @grain AND name = @name";

    private const string Insert =
        "INSERT INTO grain_state (service, grain, name, version, payload, modified) VALUES (@service, @grain, @name, 1, @payload, @modified) " +
        "ON CONFLICT DO NOTHING RETURNING version";

    private const string Update =
        "UPDATE grain_state SET version = version + 1, payload = @payload, modified = @modified " +
        "WHERE service = @service AND grain = @grain AND name = @name AND version = @version RETURNING version";

    private readonly SemaphoreSlim? _gate = oneWriter ? new(1, 1) : null;

    /// <inheritdoc />
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var (version, payload) = await RunAsync(async () =>
        {
            await using var connection = open();
            await using var command = Command(connection, Select, stateName, grainId);
            await using var reader = await command.ExecuteReaderAsync();
            return await reader.ReadAsync()
                ? (reader.GetInt64(0), await reader.IsDBNullAsync(1) ? null : (byte[])reader[1])
                : (default(long?), default(byte[]));
        });
        grainState.ETag = version?.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = payload is not null;
        grainState.State = payload is null ? activators.GetActivator<T>().Create() : serializer.Deserialize<T>(new BinaryData(payload));
    }

    /// <inheritdoc />
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        await PutAsync(stateName, grainId, grainState, serializer.Serialize(grainState.State).ToArray());
        grainState.RecordExists = true;
    }

    /// <inheritdoc />
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        if (grainState.ETag is not null)
        {
            await PutAsync(stateName, grainId, grainState, payload: null); // the version stays, so that a late writer cannot bring the record back
        }

        grainState.RecordExists = false;
        grainState.State = activators.GetActivator<T>().Create();
    }

    /// <inheritdoc />
    public void Dispose() => _gate?.Dispose();

    private async Task PutAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, byte[]? payload)
    {
        var expected = grainState.ETag;
        if (_gate is not null)
        {
            await _gate.WaitAsync();
        }

        object? version;
        try
        {
            version = await RunAsync(() => ExecuteAsync(stateName, grainId, payload, expected));
        }
        finally
        {
            _gate?.Release();
        }

        grainState.ETag = version is null
            ? throw new InconsistentStateException($"The state '{stateName}' of {grainId} changed since it was read.", "unknown", expected ?? "none")
            : Convert.ToInt64(version, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }

    private async Task<object?> ExecuteAsync(string stateName, GrainId grainId, byte[]? payload, string? expected)
    {
        await using var connection = open();
        await using var command = Command(connection, expected is null ? Insert : Update, stateName, grainId);
        Add(command, "@payload", payload, DbType.Binary);
        Add(command, "@modified", clock.GetUtcNow().ToUnixTimeMilliseconds(), DbType.Int64);
        if (expected is not null)
        {
            Add(command, "@version", long.Parse(expected, CultureInfo.InvariantCulture), DbType.Int64);
        }

        return await command.ExecuteScalarAsync();
    }

    private Task<TResult> RunAsync<TResult>(Func<Task<TResult>> operation) => oneWriter ? Task.Run(operation) : operation();

    private DbCommand Command(DbConnection connection, string sql, string stateName, GrainId grainId)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // one of the constants above
        command.CommandText = sql;
#pragma warning restore CA2100
        Add(command, "@service", cluster.Value.ServiceId, DbType.String);
        Add(command, "@grain", grainId.ToString(), DbType.String);
        Add(command, "@name", stateName, DbType.String);
        return command;
    }

    private static void Add(DbCommand command, string name, object? value, DbType type)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, type, value ?? DBNull.Value);
        command.Parameters.Add(parameter);
    }
}

using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Storage;

namespace Grainy.Storage;

/// <summary>Grain state as JSON with the version of its shape beside it: <c>{"schema":1,"state":{…}}</c>. Names no CLR types.</summary>
public sealed class JsonStateSerializer : IGrainStorageSerializer
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // the PSNR of equal images is infinite
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <inheritdoc />
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(new Envelope<T>(SchemaOf<T>(), input), Options));

    /// <inheritdoc />
    /// <exception cref="InvalidDataException">The state was written by a later version, or is not a state.</exception>
    public T Deserialize<T>(BinaryData input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var envelope = JsonSerializer.Deserialize<Envelope<T>>(input.ToMemory().Span, Options);
        if (envelope is null || envelope.Schema < 1 || envelope.State is null)
        {
            throw new InvalidDataException($"A stored {typeof(T).Name} cannot be read: it has no schema version or no content.");
        }

        return envelope.Schema <= SchemaOf<T>()
            ? envelope.State
            : throw new InvalidDataException(
                $"A stored {typeof(T).Name} has schema {envelope.Schema}, this version knows {SchemaOf<T>()}: start the later version of Grainy that wrote it.");
    }

    private static int SchemaOf<T>() => typeof(T).GetCustomAttribute<StateSchemaAttribute>()?.Version ?? 1;

    private sealed record Envelope<T>(int Schema, T? State);
}

/// <summary>The version of a state's shape: raised when an older version of the product could not read it. Without it: 1.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StateSchemaAttribute(int version) : Attribute
{
    /// <summary>Counted from 1.</summary>
    public int Version { get; } = version;
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Grainy.Contracts;

namespace Grainy.Host.Endpoints;

/// <summary>JSON of the API: ids are plain strings, enumerations words.</summary>
internal static class WireJson
{
    public static void AddWireJson(this WebApplicationBuilder builder) => builder.Services.ConfigureHttpJsonOptions(json =>
    {
        json.SerializerOptions.NumberHandling |= JsonNumberHandling.AllowNamedFloatingPointLiterals; // the PSNR of equal images is infinite
        json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        Add<WorkspaceId>(json.SerializerOptions, id => new(id), id => id.Value);
        Add<DatasetId>(json.SerializerOptions, id => new(id), id => id.Value);
        Add<ImageId>(json.SerializerOptions, id => new(id), id => id.Value);
        Add<ModelId>(json.SerializerOptions, id => new(id), id => id.Value);
        Add<JobId>(json.SerializerOptions, id => new(id), id => id.Value);
        Add<ComparisonId>(json.SerializerOptions, id => new(id), id => id.Value);
        Add<BlendId>(json.SerializerOptions, id => new(id), id => id.Value);
        Add<SessionId>(json.SerializerOptions, id => new(id), id => id.Value);
        Add<DeviceId>(json.SerializerOptions, id => new(id), id => id.Value);
    });

    private static void Add<T>(JsonSerializerOptions options, Func<string, T> parse, Func<T, string> text) => options.Converters.Add(new IdConverter<T>(parse, text));

    private sealed class IdConverter<T>(Func<string, T> parse, Func<T, string> text) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(text(value));
    }
}

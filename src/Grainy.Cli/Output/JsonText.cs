using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grainy.Cli.Output;

/// <summary>The one form of all JSON output: camelCase, indented, infinite numbers as the strings <c>"Infinity"</c> and <c>"-Infinity"</c>.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(object value) => JsonSerializer.Serialize(value, value.GetType(), Options);
}

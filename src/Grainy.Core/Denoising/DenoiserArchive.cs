using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grainy.Core.Weights;

namespace Grainy.Core.Denoising;

/// <summary>The <c>.grainy</c> file. Nothing in it is executed; every length is checked before it is read.</summary>
internal static class DenoiserArchive
{
    private const string SettingsEntry = "settings.json";
    private const string WeightsEntry = "weights.safetensors";
    private const string CardEntry = "card.md";
    private const int LargestEntry = 64 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    public static void Write(DenoiserModel model, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using var weights = new MemoryStream();
        Safetensors.Write(ToNamed(model.Layers, model.Weights), weights);
        var settings = model.Settings with { WeightsSha256 = Convert.ToHexStringLower(SHA256.HashData(weights.ToArray())) };
        var json = JsonSerializer.SerializeToUtf8Bytes(settings, Json);
        ZipBytes.Write(destination, [(SettingsEntry, json), (WeightsEntry, weights.ToArray()), (CardEntry, Encoding.UTF8.GetBytes(model.Card))]);
    }

    public static DenoiserModel Read(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            var entries = ZipBytes.Read(source, LargestEntry, "denoiser");
            var settings = JsonSerializer.Deserialize<DenoiserSettings>(entries.Required(SettingsEntry), Json)
                ?? throw new DenoiserFormatException("This denoiser's settings are empty; fetch or train it again.");
            Check(settings);
            var bytes = entries.Required(WeightsEntry);
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != settings.WeightsSha256)
            {
                throw new DenoiserFormatException(
                    "This denoiser's weights do not have the checksum in its settings: the file was damaged or changed; fetch or train it again.");
            }

            var layers = TileDenoisers.Layers(settings);
            return new DenoiserModel(settings, FromNamed(layers, Safetensors.Read(bytes, WeightsEntry)), Encoding.UTF8.GetString(entries.Required(CardEntry)));
        }
        catch (Exception damaged) when (damaged is JsonException or WeightFormatException or ArgumentException)
        {
            throw new DenoiserFormatException($"This denoiser cannot be read: {damaged.Message.TrimEnd('.')}; fetch or train it again.", damaged);
        }
    }

    public static Dictionary<string, WeightTensor> ToNamed(IReadOnlyList<LayerSpec> layers, float[] flat)
    {
        var named = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        var offset = 0;
        foreach (var layer in layers)
        {
            named[$"{layer.Name}.weight"] = new WeightTensor(layer.WeightShape, flat[offset..(offset += layer.WeightCount)]);
            named[$"{layer.Name}.bias"] = new WeightTensor([layer.Out], flat[offset..(offset += layer.Out)]);
        }

        return named;
    }

    public static float[] FromNamed(IReadOnlyList<LayerSpec> layers, IReadOnlyDictionary<string, WeightTensor> named)
    {
        var flat = new List<float>(layers.Sum(layer => layer.Count));
        foreach (var layer in layers)
        {
            Append($"{layer.Name}.weight", layer.WeightShape);
            Append($"{layer.Name}.bias", [layer.Out]);
        }

        return named.Count == 2 * layers.Count
            ? [.. flat]
            : throw new DenoiserFormatException(
                $"The weights hold {named.Count} arrays where the network has {2 * layers.Count}; the file belongs to another network.");

        void Append(string name, long[] shape)
        {
            if (!named.TryGetValue(name, out var tensor) || !tensor.HasShape(shape))
            {
                throw new DenoiserFormatException($"The weights lack '{name}' with shape [{string.Join(", ", shape)}]; the file belongs to another network.");
            }

            if (!tensor.Values.All(float.IsFinite))
            {
                throw new DenoiserFormatException($"The weights '{name}' hold numbers that are not finite; train the model again.");
            }

            flat.AddRange(tensor.Values);
        }
    }

    private static void Check(DenoiserSettings settings)
    {
        if (settings.Format != DenoiserSettings.CurrentFormat)
        {
            throw new DenoiserFormatException(
                $"This denoiser has format {settings.Format}, and this program reads format {DenoiserSettings.CurrentFormat}; use a newer program.");
        }

        _ = settings.NoiseModel?.Validated();
        if (settings.Noise != (settings.NoiseModel?.Kind ?? "gaussian") || settings.Hole is < 0 or > 8 || !CovarianceKinds.All.Contains(settings.Covariance)
            || !NoiseSources.All.Contains(settings.NoiseSource) || (settings.NoiseSource != NoiseSources.Estimated && settings.NoiseModel is null) || !(settings.LowestSigma > 0) || !(settings.HighestSigma >= settings.LowestSigma) || !(settings.RangeScale > 0)
            || !double.IsFinite(settings.HighestSigma) || !double.IsFinite(settings.RangeScale) || !double.IsFinite(settings.RangeOffset))
        {
            throw new DenoiserFormatException("This denoiser's settings name a noise or a range that makes no sense; fetch or train it again.");
        }
    }
}

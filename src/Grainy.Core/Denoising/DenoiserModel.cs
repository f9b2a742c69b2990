using Grainy.Core.Images;

namespace Grainy.Core.Denoising;

/// <summary>
/// A trained denoiser: settings, weights, and a card in Markdown that says how it was made. A file (<c>.grainy</c>) is a zip of <c>settings.json</c>,
/// <c>weights.safetensors</c> and <c>card.md</c>. Immutable, free of tensors, safe to share between threads.
/// </summary>
public sealed class DenoiserModel
{
    private const string BuiltInName = "Grainy.Core.Denoising.BuiltIn.general-rgb.grainy";

    private static readonly Lazy<DenoiserModel> General = new(LoadBuiltIn);

    internal DenoiserModel(DenoiserSettings settings, float[] weights, string card)
    {
        Layers = TileDenoisers.Layers(settings);
        var count = Layers.Sum(layer => layer.Count);
        if (weights.Length != count)
        {
            throw new DenoiserFormatException(
                $"A {settings.Preset} network of {settings.Channels} channels has {count} parameters, "
                    + $"not {weights.Length}; the file is not what it says.");
        }

        (Settings, Weights, Card) = (settings, weights, card);
    }

    /// <summary>True when this build carries a general denoiser.</summary>
    public static bool HasBuiltIn => typeof(DenoiserModel).Assembly.GetManifestResourceInfo(BuiltInName) is not null;

    /// <summary>The general denoiser that comes with the program: RGB, medium, σ from 5/255 to 50/255, trained by this project from noisy images alone.</summary>
    /// <exception cref="DenoiserFormatException">This build carries none, see <see cref="HasBuiltIn"/>.</exception>
    public static DenoiserModel BuiltIn => General.Value;

    /// <summary>What it is.</summary>
    public DenoiserSettings Settings { get; }

    /// <summary>How it was made, for people: Markdown.</summary>
    public string Card { get; }

    /// <summary>Number of trained numbers.</summary>
    public int ParameterCount => Weights.Length;

    /// <summary>True when it can tell how sure it is of each sample, see <see cref="DenoiseOptions.Uncertainty"/>.</summary>
    public bool KnowsDoubt => TileDenoisers.KnowsDoubt(Settings);

    /// <summary>The layers whose parameters <see cref="Weights"/> holds one after the other.</summary>
    internal IReadOnlyList<LayerSpec> Layers { get; }

    /// <summary>All parameters in the order of <see cref="Layers"/>. Not to be written to.</summary>
    internal float[] Weights { get; }

    /// <summary>Writes a <c>.grainy</c> file; equal models give equal bytes.</summary>
    /// <param name="destination">Left open; need not seek.</param>
    public void Save(Stream destination) => DenoiserArchive.Write(this, destination);

    /// <summary>Reads a <c>.grainy</c> file.</summary>
    /// <param name="source">Left open.</param>
    /// <exception cref="DenoiserFormatException">Damaged, incomplete, of another kind or of a later version: one sentence for people.</exception>
    public static DenoiserModel Load(Stream source) => DenoiserArchive.Read(source);

    /// <summary>The scale on which the network sees <paramref name="image"/>.</summary>
    internal IntensityRange RangeFor(ImageBuffer image) =>
        Settings.RangePerImage ? IntensityRange.Of([image]) : new IntensityRange(Settings.RangeOffset, Settings.RangeScale);

    private static DenoiserModel LoadBuiltIn()
    {
        using var stream = typeof(DenoiserModel).Assembly.GetManifestResourceStream(BuiltInName)
            ?? throw new DenoiserFormatException("This build carries no general denoiser; make one with 'grainy weights train-builtin denoiser' and build again.");
        return Load(stream);
    }
}

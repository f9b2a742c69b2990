using Grainy.Core.Denoising.Plain;
using Grainy.Core.Denoising.ZeroShot;
using Grainy.Core.Noise;

namespace Grainy.Core.Denoising;

/// <summary>Makes the inference that a model's kind of network needs.</summary>
internal static class TileDenoisers
{
    /// <param name="model">Any kind.</param>
    /// <param name="noise">The noise on the network's scale with all parameters; kinds without a noise model ignore it.</param>
    /// <param name="orientations">One of <see cref="OrientedTiles.Counts"/>.</param>
    public static ITileDenoiser Open(DenoiserModel model, NoiseModel noise, int orientations) =>
        orientations == 1 ? Open(model, noise) : new OrientedTiles(Open(model, noise), orientations);

    /// <summary>The layers whose parameters a model of these settings holds, in the order of its file.</summary>
    /// <exception cref="ArgumentException">No such preset or number of channels.</exception>
    /// <exception cref="DenoiserFormatException">No such kind of network.</exception>
    public static IReadOnlyList<LayerSpec> Layers(DenoiserSettings settings) => settings.Network switch
    {
        NetworkKinds.BlindSpot => BlindSpotLayout.Of(settings).Layers,
        NetworkKinds.UNet => PlainLayout.Of(settings.Preset, settings.Channels, settings.Smooth).Layers,
        NetworkKinds.ZeroShot => new ZeroShotLayout(settings.Channels).Layers,
        var other => throw Unknown(other),
    };

    /// <summary>True for networks that can tell how sure they are.</summary>
    public static bool KnowsDoubt(DenoiserSettings settings) => settings.Network == NetworkKinds.BlindSpot && settings.Covariance != CovarianceKinds.None;

    private static ITileDenoiser Open(DenoiserModel model, NoiseModel noise) => model.Settings.Network switch
    {
        NetworkKinds.BlindSpot => new BlindSpotTiles(model, noise),
        NetworkKinds.UNet => new PlainTiles(model),
        NetworkKinds.ZeroShot => new ZeroShotTiles(model),
        var other => throw Unknown(other),
    };

    private static DenoiserFormatException Unknown(string kind) => new($"This program cannot use a network of the kind '{kind}'; use a newer one.");
}

namespace Grainy.Core.Denoising;

/// <summary>Makes the inference that a model's kind of network needs.</summary>
internal static class TileDenoisers
{
    /// <param name="model">Any kind.</param>
    /// <param name="sigma">Standard deviation of the noise on the network's scale; kinds without a noise model ignore it.</param>
    public static ITileDenoiser Open(DenoiserModel model, double sigma) => model.Settings.Network switch
    {
        NetworkKinds.BlindSpot => new BlindSpotTiles(model, sigma),
        var other => throw new DenoiserFormatException($"This program cannot use a network of the kind '{other}'; use a newer one."),
    };

    /// <summary>The layers whose parameters a model of these settings holds, in the order of its file.</summary>
    /// <exception cref="ArgumentException">No such preset or number of channels.</exception>
    /// <exception cref="DenoiserFormatException">No such kind of network.</exception>
    public static IReadOnlyList<LayerSpec> Layers(DenoiserSettings settings) => settings.Network switch
    {
        NetworkKinds.BlindSpot => BlindSpotLayout.Of(settings).Layers,
        var other => throw new DenoiserFormatException($"This program cannot use a network of the kind '{other}'; use a newer one."),
    };
}

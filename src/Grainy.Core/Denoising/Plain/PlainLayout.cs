namespace Grainy.Core.Denoising.Plain;

/// <summary>
/// Widths and depth of the plain U-Net (Lehtinen et al. 2018, table 2, for <c>full</c>): what all methods use that need no blind spot. Layers are named like
/// those of the blind-spot network: <c>enc0…</c> downwards, <c>dec5a…dec1c</c> upwards.
/// </summary>
internal sealed record PlainLayout
{
    /// <summary>1 (grey) or 3 (RGB), of input and output alike.</summary>
    public required int Channels { get; init; }

    /// <summary>Feature maps of every encoder layer.</summary>
    public required int EncoderWidth { get; init; }

    /// <summary>Feature maps of every decoder layer below full resolution.</summary>
    public required int DecoderWidth { get; init; }

    /// <summary>Feature maps of the first decoder layer at full resolution.</summary>
    public required int TopWidth { get; init; }

    /// <summary>Feature maps of the second decoder layer at full resolution.</summary>
    public required int LastWidth { get; init; }

    /// <summary>Number of 2×2 poolings.</summary>
    public required int Poolings { get; init; }

    /// <summary>
    /// True for the network of N2V2 (Höck et al. 2022): maxima are blurred before every second one is dropped, and the topmost skip, which hands the input to
    /// the last layers, is left out; both against chequerboards.
    /// </summary>
    public bool Smooth { get; init; }

    /// <summary>Sides of an input must be multiples of this many pixels.</summary>
    public int Stride => 1 << Poolings;

    /// <summary>All layers in the order in which their parameters are stored.</summary>
    public IReadOnlyList<LayerSpec> Layers => [.. Encoder(), .. Decoder()];

    /// <summary>Number of trained numbers.</summary>
    public int ParameterCount => Layers.Sum(layer => layer.Count);

    /// <summary>The named preset for images of <paramref name="channels"/> channels.</summary>
    /// <exception cref="ArgumentException">No such preset, or neither 1 nor 3 channels.</exception>
    public static PlainLayout Of(string preset, int channels, bool smooth = false)
    {
        if (channels is not (1 or 3))
        {
            throw new ArgumentException($"A denoiser works on 1 or 3 channels, not on {channels}.", nameof(channels));
        }

        return preset switch
        {
            NetworkPresets.Full => new()
            {
                Channels = channels,
                EncoderWidth = 48,
                DecoderWidth = 96,
                TopWidth = 64,
                LastWidth = 32,
                Poolings = 5,
                Smooth = smooth,
            },
            NetworkPresets.Compact => new()
            {
                Channels = channels,
                EncoderWidth = 24,
                DecoderWidth = 48,
                TopWidth = 48,
                LastWidth = 24,
                Poolings = 3,
                Smooth = smooth,
            },
            _ => throw new ArgumentException($"There is no network preset '{preset}'; choose {NetworkPresets.Compact} or {NetworkPresets.Full}.", nameof(preset)),
        };
    }

    private IEnumerable<LayerSpec> Encoder()
    {
        yield return new("enc0", Channels, EncoderWidth, 3);
        for (var level = 0; level <= Poolings; level++)
        {
            yield return new($"enc{level + 1}", EncoderWidth, EncoderWidth, 3);
        }
    }

    private IEnumerable<LayerSpec> Decoder()
    {
        var below = EncoderWidth;
        for (var level = Poolings; level > 1; level--)
        {
            yield return new($"dec{level}a", below + EncoderWidth, DecoderWidth, 3);
            yield return new($"dec{level}b", DecoderWidth, DecoderWidth, 3);
            below = DecoderWidth;
        }

        yield return new("dec1a", below + (Smooth ? 0 : Channels), TopWidth, 3);
        yield return new("dec1b", TopWidth, LastWidth, 3);
        yield return new("dec1c", LastWidth, Channels, 3, Linear: true);
    }
}

namespace Grainy.Core.Denoising;

/// <summary>One convolution of the network: its name in files, its kernel <c>[Out, In, Side, Side]</c> and its bias <c>[Out]</c>.</summary>
/// <param name="Linear">True for the last layer, which no rectifier follows.</param>
/// <param name="Zero">True for a layer that starts from zero instead of random numbers.</param>
internal readonly record struct LayerSpec(string Name, int In, int Out, int Side, bool Linear = false, bool Zero = false)
{
    public int WeightCount => Out * In * Side * Side;

    public int Count => WeightCount + Out;

    public long[] WeightShape => [Out, In, Side, Side];
}

/// <summary>
/// Widths and depth of a blind-spot network (Laine et al. 2019; channel counts of the paper's appendix for <c>full</c>). The names of the layers are those of the
/// U-Net: <c>enc0…</c> downwards, <c>dec5a…dec1b</c> upwards, <c>head0…head2</c> for the 1×1 layers that join the four half-planes.
/// </summary>
internal sealed record BlindSpotLayout
{
    /// <summary>1 (grey) or 3 (RGB).</summary>
    public required int Channels { get; init; }

    /// <summary>Feature maps of every encoder layer.</summary>
    public required int EncoderWidth { get; init; }

    /// <summary>Feature maps of every decoder layer.</summary>
    public required int DecoderWidth { get; init; }

    /// <summary>Number of 2×2 poolings.</summary>
    public required int Poolings { get; init; }

    /// <summary>Convolutions of the decoder at full resolution: 1 or 2.</summary>
    public required int TopConvolutions { get; init; }

    /// <summary>Pixels around the centre, in every direction, that are hidden like the centre itself: for noise that neighbours share.</summary>
    public int Hole { get; init; }

    /// <summary>Sides of an input must be a multiple of this many pixels.</summary>
    public int Stride => 1 << Poolings;

    /// <summary>What is predicted beside the mean, one of <see cref="CovarianceKinds"/>.</summary>
    public string Covariance { get; init; } = CovarianceKinds.Full;

    /// <summary>Parameters of the noise that are learned with the network; 0: none.</summary>
    public int LearnedNoise { get; init; }

    /// <summary>True when they are estimated from each image by a network of their own, false when all images share them.</summary>
    public bool NoisePerImage { get; init; }

    /// <summary>
    /// Channels of the prediction: mean and the upper triangle of the covariance's factor (section 2.3: 9 for RGB, 2 for grey), its diagonal (6, 2), or the mean
    /// alone (3, 1).
    /// </summary>
    public int Outputs => (Channels, Covariance) switch
    {
        (3, CovarianceKinds.Full) => 9,
        (3, CovarianceKinds.Diagonal) => 6,
        (_, CovarianceKinds.None) => Channels,
        _ => 2,
    };

    /// <summary>All layers in the order in which their parameters are stored.</summary>
    public IReadOnlyList<LayerSpec> Layers => [.. Encoder(), .. Decoder(), .. Head(), .. Noise()];

    /// <summary>Number of trained numbers.</summary>
    public int ParameterCount => Layers.Sum(layer => layer.Count);

    /// <summary>The named preset for images of <paramref name="channels"/> channels.</summary>
    /// <exception cref="ArgumentException">No such preset, or neither 1 nor 3 channels.</exception>
    public static BlindSpotLayout Of(string preset, int channels)
    {
        if (channels is not (1 or 3))
        {
            throw new ArgumentException($"A denoiser works on 1 or 3 channels, not on {channels}.", nameof(channels));
        }

        return preset switch
        {
            NetworkPresets.Full => new BlindSpotLayout { Channels = channels, EncoderWidth = 48, DecoderWidth = 96, Poolings = 5, TopConvolutions = 2 },
            NetworkPresets.Compact => new BlindSpotLayout { Channels = channels, EncoderWidth = 24, DecoderWidth = 48, Poolings = 2, TopConvolutions = 1 },
            _ => throw new ArgumentException($"There is no network preset '{preset}'; choose {NetworkPresets.Compact} or {NetworkPresets.Full}.", nameof(preset)),
        };
    }

    /// <summary>The network of a saved model.</summary>
    /// <exception cref="ArgumentException">As above.</exception>
    public static BlindSpotLayout Of(DenoiserSettings settings) => Of(settings.Preset, settings.Channels) with
    {
        Hole = settings.Hole,
        Covariance = settings.Covariance,
        LearnedNoise = settings.NoiseSource == NoiseSources.LearnedPerImage ? NoiseParameters.Count(settings.NoiseModel!) : 0,
        NoisePerImage = settings.NoiseSource == NoiseSources.LearnedPerImage,
    };

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
        for (var level = Poolings; level >= 1; level--)
        {
            var skip = level > 1 ? EncoderWidth : Channels;
            yield return new($"dec{level}a", below + skip, DecoderWidth, 3);
            if (level > 1 || TopConvolutions == 2)
            {
                yield return new($"dec{level}b", DecoderWidth, DecoderWidth, 3);
            }

            below = DecoderWidth;
        }
    }

    private IEnumerable<LayerSpec> Head()
    {
        var joined = 4 * DecoderWidth;
        yield return new("head0", joined, joined, 1);
        yield return new("head1", joined, DecoderWidth, 1);
        yield return new("head2", DecoderWidth, Outputs, 1, Linear: true);
    }

    private IEnumerable<LayerSpec> Noise() => LearnedNoise == 0 ? [] : NoisePerImage ? NoiseNetwork.Layers(Channels, LearnedNoise) : [NoiseNetwork.Shared(LearnedNoise)];
}

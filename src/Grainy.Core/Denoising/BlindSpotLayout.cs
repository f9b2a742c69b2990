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

    /// <summary>Feature maps of the encoder after no pooling, one, two and so on.</summary>
    public required IReadOnlyList<int> EncoderWidths { get; init; }

    /// <summary>Feature maps of the decoder at full resolution, at half of it and so on: one for each pooling.</summary>
    public required IReadOnlyList<int> DecoderWidths { get; init; }

    /// <summary>Number of 2×2 poolings.</summary>
    public int Poolings => DecoderWidths.Count;

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
            NetworkPresets.Full => Even(48, 96, poolings: 5) with { TopConvolutions = 2 },
            NetworkPresets.Medium => new BlindSpotLayout { Channels = channels, EncoderWidths = [24, 48, 64, 64], DecoderWidths = [48, 64, 96], TopConvolutions = 1 },
            NetworkPresets.Compact => Even(24, 48, poolings: 2),
            _ => throw new ArgumentException($"There is no network preset '{preset}'; choose {string.Join(" or ", NetworkPresets.All)}.", nameof(preset)),
        };

        BlindSpotLayout Even(int encoder, int decoder, int poolings) => new()
        {
            Channels = channels,
            EncoderWidths = [.. Enumerable.Repeat(encoder, poolings + 1)],
            DecoderWidths = [.. Enumerable.Repeat(decoder, poolings)],
            TopConvolutions = 1,
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

    /// <summary>Feature maps that a level of the decoder (1: the last) gets from the coarser one.</summary>
    public int Below(int level) => level == Poolings ? EncoderWidths[Poolings] : DecoderWidths[level];

    /// <summary>Channels that it gets from the encoder: feature maps that were pooled once less than its own level says, or the picture.</summary>
    public int Skipped(int level) => level > 1 ? EncoderWidths[level - 2] : Channels;

    private IEnumerable<LayerSpec> Encoder()
    {
        yield return new("enc0", Channels, EncoderWidths[0], 3);
        for (var level = 0; level <= Poolings; level++)
        {
            yield return new($"enc{level + 1}", EncoderWidths[Math.Max(0, level - 1)], EncoderWidths[level], 3);
        }
    }

    private IEnumerable<LayerSpec> Decoder()
    {
        for (var level = Poolings; level >= 1; level--)
        {
            var width = DecoderWidths[level - 1];
            yield return new($"dec{level}a", Below(level) + Skipped(level), width, 3);
            if (level > 1 || TopConvolutions == 2)
            {
                yield return new($"dec{level}b", width, width, 3);
            }
        }
    }

    private IEnumerable<LayerSpec> Head()
    {
        var joined = 4 * DecoderWidths[0];
        yield return new("head0", joined, joined, 1);
        yield return new("head1", joined, DecoderWidths[0], 1);
        yield return new("head2", DecoderWidths[0], Outputs, 1, Linear: true);
    }

    private IEnumerable<LayerSpec> Noise() => LearnedNoise == 0 ? [] : NoisePerImage ? NoiseNetwork.Layers(Channels, LearnedNoise) : [NoiseNetwork.Shared(LearnedNoise)];
}

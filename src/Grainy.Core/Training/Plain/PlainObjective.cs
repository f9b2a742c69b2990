using Grainy.Core.Denoising;
using Grainy.Core.Denoising.Plain;
using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Training.Plain;

/// <summary>What all methods share that fit the plain U-Net: scale, start, preview and export. They differ in the loss of a step.</summary>
internal abstract class PlainObjective : ITrainingObjective
{
    private readonly IReadOnlyList<ImageBuffer> _images;
    private readonly bool _toneMapped;

    /// <param name="settings">Already validated.</param>
    /// <param name="images">All noisy images; the first one is previewed.</param>
    /// <param name="smooth">See <see cref="PlainLayout.Smooth"/>.</param>
    /// <param name="toneMapped">True when inputs are tone-mapped radiance, see <see cref="ToneCurve"/>.</param>
    protected PlainObjective(TrainingSettings settings, IReadOnlyList<ImageBuffer> images, bool smooth = false, bool toneMapped = false)
    {
        TrainingImages.Check(images);
        (Settings, _images, _toneMapped) = (settings, images, toneMapped);
        Range = RangeOf(settings, images, toneMapped);
        Seeds = new SeedSequence(settings.Seed);
        Network = new PlainUNet(PlainLayout.Of(settings.Preset, images[0].Channels, smooth));
        TrainingStart.Fill(Network.Parameters, settings, NetworkKinds.UNet, images[0].Channels, smooth, Network.Dispose);
    }

    public FlatParameters Parameters => Network.Parameters;

    protected TrainingSettings Settings { get; }

    protected IntensityRange Range { get; }

    protected SeedSequence Seeds { get; }

    protected PlainUNet Network { get; }

    public abstract Tensor Loss(long step, double fraction);

    public ImageBuffer Preview(int side)
    {
        var (image, stride) = (_images[0], Network.Layout.Stride);
        side = Math.Max(stride, Math.Min(side, Math.Min(image.Width, image.Height)) / stride * stride);
        return Range.FromNetwork(PlainTiles.Denoise(Network, Range.ToNetwork(TrainingImages.Middle(image, side)), _toneMapped));
    }

    public DenoiserModel Export(float[] weights, TrainingSummary run)
    {
        var (lowest, highest) = MethodCard.NoiseOf(_images, Range);
        return new DenoiserModel(
            new DenoiserSettings
            {
                Method = Settings.Method,
                Network = NetworkKinds.UNet,
                Preset = Settings.Preset,
                Channels = _images[0].Channels,
                Smooth = Network.Layout.Smooth,
                ToneMapped = _toneMapped,
                LowestSigma = lowest,
                HighestSigma = highest,
                RangeOffset = Range.Offset,
                RangeScale = Range.Scale,
                Steps = run.Steps,
                Seed = Settings.Seed,
            },
            weights,
            MethodCard.Of(Settings, _images, run));
    }

    public void Dispose()
    {
        Network.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the network is shown of <paramref name="noisy"/>: tone-mapped where the run is. The caller owns it.</summary>
    protected Tensor Shown(Tensor noisy) => _toneMapped ? ToneCurve.Apply(noisy) : noisy.alias();

    // Tone mapping needs radiance from 0: black stays black, and the mean comes to a quarter.
    private static IntensityRange RangeOf(TrainingSettings settings, IReadOnlyList<ImageBuffer> images, bool toneMapped)
    {
        if (settings.StartFrom is { Settings.RangePerImage: false } start)
        {
            return new IntensityRange(start.Settings.RangeOffset, start.Settings.RangeScale);
        }

        return toneMapped
            ? new IntensityRange(0, Math.Max(1e-6, 4 * images.Average(image => image.Planes.Average(sample => Math.Max(0, (double)sample)))))
            : IntensityRange.Of(images);
    }
}

using Grainy.Core.Denoising;
using Grainy.Core.Denoising.ZeroShot;
using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Training.ZeroShot;

/// <summary>Zero-shot Noise2Noise (Mansour, Heckel 2023) as a training of given length; <see cref="ZeroShotDenoiser"/> finds the length by itself.</summary>
internal sealed class ZeroShotObjective : ITrainingObjective
{
    private readonly TrainingSettings _settings;
    private readonly IReadOnlyList<ImageBuffer> _images;
    private readonly IntensityRange _range;
    private readonly ZeroShotNetwork _network;
    private readonly ZeroShotCrops _crops;

    public ZeroShotObjective(TrainingSettings settings, IReadOnlyList<ImageBuffer> images)
    {
        TrainingImages.Check(images);
        (_settings, _images) = (settings, images);
        _range = settings.StartFrom is { Settings.RangePerImage: false } start
            ? new IntensityRange(start.Settings.RangeOffset, start.Settings.RangeScale)
            : IntensityRange.Of(images);
        _crops = new ZeroShotCrops([.. images.Select(_range.ToNetwork)], settings.CropSize, new SeedSequence(settings.Seed), holdOut: false);
        _network = new ZeroShotNetwork(new ZeroShotLayout(images[0].Channels));
        TrainingStart.Fill(_network.Parameters, settings, NetworkKinds.ZeroShot, images[0].Channels, smooth: false, _network.Dispose);
    }

    public FlatParameters Parameters => _network.Parameters;

    public Tensor Loss(long step, double fraction)
    {
        using var scope = NewDisposeScope();
        var (noisy, counts) = _crops.Draw(_settings.BatchSize, step);
        return ZeroShotLoss.Training(_network, noisy, counts).MoveToOuterDisposeScope();
    }

    public ImageBuffer Preview(int side)
    {
        side = Math.Min(side, Math.Min(_images[0].Width, _images[0].Height)) / 2 * 2;
        return _range.FromNetwork(ZeroShotTiles.Denoise(_network, _range.ToNetwork(TrainingImages.Middle(_images[0], side))));
    }

    public DenoiserModel Export(float[] weights, TrainingSummary run) => Model(_settings, _images, _range, weights, run);

    public void Dispose() => _network.Dispose();

    /// <summary>A model of these weights.</summary>
    public static DenoiserModel Model(TrainingSettings settings, IReadOnlyList<ImageBuffer> images, IntensityRange range, float[] weights, TrainingSummary run)
    {
        var (lowest, highest) = MethodCard.NoiseOf(images, range);
        return new DenoiserModel(
            new DenoiserSettings
            {
                Method = TrainingMethods.ZeroShot,
                Network = NetworkKinds.ZeroShot,
                Preset = NetworkPresets.Compact,
                Channels = images[0].Channels,
                LowestSigma = lowest,
                HighestSigma = highest,
                RangeOffset = range.Offset,
                RangeScale = range.Scale,
                Steps = run.Steps,
                Seed = settings.Seed,
            },
            weights,
            MethodCard.Of(settings, images, run));
    }
}

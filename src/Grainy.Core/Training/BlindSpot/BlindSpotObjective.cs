using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Training.BlindSpot;

/// <summary>The likelihood of noisy pixels given their surroundings (Laine et al. 2019): needs noisy images alone.</summary>
internal sealed class BlindSpotObjective : ITrainingObjective
{
    private readonly TrainingSettings _settings;
    private readonly IReadOnlyList<ImageBuffer> _images;
    private readonly IntensityRange _range;
    private readonly double[] _sigmas;
    private readonly CropSampler _crops;
    private readonly BlindSpotNetwork _network;

    /// <param name="settings">Already validated.</param>
    /// <param name="images">Noisy, on any scale; refused where they cannot be trained on.</param>
    public BlindSpotObjective(TrainingSettings settings, IReadOnlyList<ImageBuffer> images)
    {
        TrainingImages.Check(images);
        (_settings, _images) = (settings, images);
        _range = RangeOf(settings, images);
        _sigmas = [.. images.Select(SigmaOf)];
        var seeds = new SeedSequence(settings.Seed);
        _crops = new CropSampler(
            [.. images.Select(_range.ToNetwork)], [.. _sigmas.Select(sigma => Math.Pow(sigma / _range.Scale, 2))], settings.CropSize, settings.BatchSize, seeds);
        _network = new BlindSpotNetwork(BlindSpotLayout.Of(settings.Preset, images[0].Channels) with { Hole = settings.BlindSpot.Hole });
        Start(seeds);
    }

    public FlatParameters Parameters => _network.Parameters;

    public IReadOnlyList<double> Sigmas => _sigmas;

    public Tensor Loss(long step, double fraction)
    {
        var (crops, variances) = _crops.Draw(step);
        var observed = PixelColumns.Of(crops, float32);
        var perPixel = variances.repeat_interleave(crops.shape[2] * crops.shape[3]);
        return GaussianLikelihood.Loss(PixelColumns.Of(_network.Predict(crops), float32), observed, perPixel);
    }

    public ImageBuffer Preview(int side)
    {
        var stride = _network.Layout.Stride;
        var image = _images[0];
        side = Math.Min(side, Math.Min(image.Width, image.Height)) / stride * stride;
        var square = _range.ToNetwork(TrainingImages.Middle(image, Math.Max(side, stride)));
        return _range.FromNetwork(BlindSpotTiles.Denoise(_network, square, _sigmas[0] / _range.Scale));
    }

    public DenoiserModel Export(float[] weights, TrainingSummary run) => new(
        new DenoiserSettings
        {
            Preset = _settings.Preset,
            Channels = _images[0].Channels,
            Hole = _settings.BlindSpot.Hole,
            LowestSigma = _sigmas.Min(),
            HighestSigma = _sigmas.Max(),
            RangeOffset = _range.Offset,
            RangeScale = _range.Scale,
            Steps = run.Steps,
            Seed = _settings.Seed,
        },
        weights,
        ModelCard.ForTraining(_settings, _images, _sigmas, run));

    public void Dispose() => _network.Dispose();

    private static IntensityRange RangeOf(TrainingSettings settings, IReadOnlyList<ImageBuffer> images) =>
        settings.StartFrom is { Settings.RangePerImage: false } start
            ? new IntensityRange(start.Settings.RangeOffset, start.Settings.RangeScale)
            : IntensityRange.Of(images);

    private double SigmaOf(ImageBuffer image) => _settings.NoiseSigma ?? (NoiseEstimator.TryEstimate(image)?.Sigma is > 0 and var estimate
        ? Math.Max(estimate, 1e-4 * _range.Scale)
        : throw new ArgumentException($"The noise of an image of {image.Width} × {image.Height} pixels could not be estimated; give its σ."));

    private void Start(SeedSequence seeds)
    {
        if (_settings.StartFrom is not { } start)
        {
            Parameters.Initialise(seeds);
            return;
        }

        if ((start.Settings.Network, start.Settings.Preset, start.Settings.Channels) != (NetworkKinds.BlindSpot, _settings.Preset, _images[0].Channels))
        {
            Dispose();
            throw new DenoiserFormatException(
                $"The model to start from is a {start.Settings.Preset} {start.Settings.Network} network of {start.Settings.Channels} channels; "
                + $"this training needs {_settings.Preset} with {_images[0].Channels}.");
        }

        Parameters.Load(start.Weights);
    }
}

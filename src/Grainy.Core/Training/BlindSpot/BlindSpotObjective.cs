using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Training.BlindSpot;

/// <summary>The likelihood of noisy pixels given their surroundings (Laine et al. 2019): needs noisy images alone.</summary>
internal sealed class BlindSpotObjective : ITrainingObjective
{
    private const int MostEstimates = 16;
    private const int PreviewSide = 192;
    private const int HeldOutSide = 192;

    private readonly TrainingSettings _settings;
    private readonly IReadOnlyList<ImageBuffer> _images;
    private readonly BlindSpotNoise _noise;
    private readonly CropSampler _crops;
    private readonly BlindSpotNetwork _network;

    /// <param name="settings">Already validated.</param>
    /// <param name="images">Noisy, on any scale; refused where they cannot be trained on.</param>
    public BlindSpotObjective(TrainingSettings settings, IReadOnlyList<ImageBuffer> images)
    {
        TrainingImages.Check(images);
        (_settings, _images, _noise) = (settings, images, new BlindSpotNoise(settings, images));
        var seeds = new SeedSequence(settings.Seed);
        double[] variances = [.. images.Select((_, index) => _noise.OnNetwork(index) is NoiseModel.Gaussian { Sigma: { } sigma } ? sigma * sigma : 0)];
        _crops = new CropSampler([.. images.Select(_noise.Range.ToNetwork)], variances, settings.CropSize, settings.BatchSize, seeds);
        _network = new BlindSpotNetwork(BlindSpotLayout.Of(settings.Preset, images[0].Channels) with
        {
            Hole = settings.BlindSpot.Hole,
            Covariance = settings.BlindSpot.Covariance,
            LearnedNoise = _noise.IsLearned ? NoiseParameters.Count(_noise.Model) : 0,
            NoisePerImage = settings.BlindSpot.NoisePerImage,
        });
        Start(seeds);
    }

    public FlatParameters Parameters => _network.Parameters;

    public IReadOnlyList<double> Sigmas => _noise.Sigmas;

    /// <summary>Noisy images that are not trained on, with the channels of those that are.</summary>
    public IReadOnlyList<ImageBuffer> HeldOut { get; init; } = [];

    public Tensor Loss(long step, double fraction)
    {
        var (crops, variances) = _crops.Draw(step);
        return Loss(crops, variances, fraction, regularised: true);
    }

    /// <summary>The mean loss of the middles of <see cref="HeldOut"/>, without regulariser: the lower the likelier. No clean image is needed for it.</summary>
    public double? Validate() => HeldOut.Count == 0 ? null : HeldOut.Average(HeldOutLoss);

    public ImageBuffer Preview(int side)
    {
        var stride = _network.Layout.Stride;
        var image = _images[0];
        side = Math.Min(side, Math.Min(image.Width, image.Height)) / stride * stride;
        var square = _noise.Range.ToNetwork(TrainingImages.Middle(image, Math.Max(side, stride)));
        return _noise.Range.FromNetwork(BlindSpotTiles.Denoise(_network, square, NoiseFor(square), uncertainty: false).Image);
    }

    public DenoiserModel Export(float[] weights, TrainingSummary run)
    {
        var shared = _noise.IsLearned && !_settings.BlindSpot.NoisePerImage;
        var count = NoiseParameters.Count(_noise.Model);
        var noise = shared ? _noise.OnImages(NoiseParameters.Read(_noise.Template, [.. weights[^count..].Select(value => (double)value)])) : _noise.Model;
        double[] sigmas = noise.IsKnown ? [.. _images.Select(image => BlindSpotNoise.Deviation(noise, image))] : _noise.IsLearned ? EstimatedSigmas() : _noise.Sigmas;
        var settings = new DenoiserSettings
        {
            Preset = _settings.Preset,
            Channels = _images[0].Channels,
            Hole = _settings.BlindSpot.Hole,
            Covariance = _settings.BlindSpot.Covariance,
            Noise = noise.Kind,
            NoiseModel = noise,
            NoiseSource = _noise.IsEstimated ? NoiseSources.Estimated : !_noise.IsLearned ? NoiseSources.Given : shared ? NoiseSources.Learned : NoiseSources.LearnedPerImage,
            LowestSigma = sigmas.Min(),
            HighestSigma = sigmas.Max(),
            RangeOffset = _noise.Range.Offset,
            RangeScale = _noise.Range.Scale,
            Steps = run.Steps,
            Seed = _settings.Seed,
        };
        return new DenoiserModel(settings, shared ? weights[..^count] : weights, ModelCard.ForTraining(_settings, _images, settings, run));
    }

    public void Dispose() => _network.Dispose();

    private Tensor Loss(Tensor crops, Tensor variances, double fraction, bool regularised)
    {
        var observed = PixelColumns.Of(crops, float32);
        var prediction = PixelColumns.Of(_network.Predict(crops), float32);
        if (_network.Layout.Covariance == CovarianceKinds.None)
        {
            return MeanOnly(prediction, observed, fraction);
        }

        var noise = NoiseOf(crops, variances);
        if (noise.Share is { } share)
        {
            return ImpulseLikelihood.Loss(prediction, observed, share);
        }

        var variance = noise.Variance(prediction.narrow(0, 0, observed.shape[0]));
        var loss = GaussianLikelihood.Loss(prediction, observed, variance);
        return noise.Learned && regularised ? loss - variance.sqrt().mean().Times(NoiseParameters.Regularisation) : loss;
    }

    private double HeldOutLoss(ImageBuffer image)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var side = Math.Min(HeldOutSide, Math.Min(image.Width, image.Height)) / _network.Layout.Stride * _network.Layout.Stride;
        var crop = _noise.Range.ToNetwork(TrainingImages.Middle(image, side)).ToTensor();
        var sigma = _noise.IsEstimated ? NoiseEstimator.TryEstimate(image)?.Sigma / _noise.Range.Scale : (_noise.OnNetwork(0) as NoiseModel.Gaussian)?.Sigma;
        var variance = tensor([(float)Math.Pow(sigma ?? 0, 2)]);
        return Loss(crop, variance, 1, regularised: false).to(float64).item<double>();
    }

    // The mean alone: squared error, or for impulses the annealed power of the reference, 2 down to ½.
    private Tensor MeanOnly(Tensor prediction, Tensor observed, double fraction)
    {
        var difference = prediction - observed;
        if (_noise.Model is not NoiseModel.Impulse)
        {
            return difference.Squared().mean();
        }

        using Scalar power = Math.Max(0.5, 2 - (2 * fraction));
        return difference.abs().Plus(1e-8).pow(power).mean();
    }

    // What the trained estimator says of some of the images, by their middles.
    private double[] EstimatedSigmas() =>
    [
        .. _images.Take(MostEstimates).Select(image =>
        {
            var side = Math.Min(PreviewSide, Math.Min(image.Width, image.Height)) / _network.Layout.Stride * _network.Layout.Stride;
            var raw = BlindSpotTiles.Estimate(_network, _noise.Range.ToNetwork(TrainingImages.Middle(image, side)));
            return BlindSpotNoise.Deviation(_noise.OnImages(NoiseParameters.Read(_noise.Template, raw)), image);
        }),
    ];

    private NoiseParameters NoiseOf(Tensor crops, Tensor variances)
    {
        var perCrop = crops.shape[2] * crops.shape[3];
        if (!_noise.IsLearned)
        {
            // Gaussian noise may differ from image to image; the other kinds are given for all.
            return _noise.Template is NoiseModel.Gaussian
                ? new NoiseParameters(null, variances.repeat_interleave(perCrop), null, Learned: false)
                : NoiseParameters.Known(_noise.Template);
        }

        var raw = _network.Layout.NoisePerImage
            ? NoiseNetwork.Predict(Parameters, crops).transpose(0, 1).repeat_interleave(perCrop, 1)
            : NoiseNetwork.Shared(Parameters);
        return NoiseParameters.Estimated(_noise.Template, raw);
    }

    // Of the first image or a part of it, with the parameters as they are now.
    private NoiseModel NoiseFor(ImageBuffer square)
    {
        if (_noise.OnNetwork(0) is { } known)
        {
            return known;
        }

        var raw = _network.Layout.NoisePerImage
            ? BlindSpotTiles.Estimate(_network, square)
            : [.. Parameters.ToArray()[^NoiseParameters.Count(_noise.Model)..].Select(value => (double)value)];
        return NoiseParameters.Read(_noise.Template, raw);
    }

    private void Start(SeedSequence seeds)
    {
        Parameters.Initialise(seeds);
        if (_settings.StartFrom is not { } start)
        {
            return;
        }

        // Parameters of the noise come last and are not taken over.
        var layout = _network.Layout with { LearnedNoise = 0 };
        if (start.Settings.Network != NetworkKinds.BlindSpot || !start.Layers.Take(layout.Layers.Count).SequenceEqual(layout.Layers))
        {
            Dispose();
            throw new DenoiserFormatException(
                $"The model to start from is a {start.Settings.Preset} {start.Settings.Network} network of {start.Settings.Channels} channels; "
                + $"this training needs {_settings.Preset} with {_images[0].Channels}.");
        }

        var count = layout.ParameterCount;
        Parameters.Load([.. start.Weights[..count], .. Parameters.ToArray()[count..]]);
    }
}

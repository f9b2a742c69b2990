using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Metrics.Psnr;
using Grainy.Core.Noise;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Training.BuiltIn;

/// <summary>
/// Training of the general denoiser: clean images under noise drawn anew for every crop. The network sees noisy crops and learns the likelihood of the noisy pixel
/// it does not see, averaged over that pixel's own noise (<see cref="GaussianLikelihood.ExpectedLoss"/>): the loss of Laine et al. 2019 with less chance in it.
/// </summary>
internal sealed class GeneralObjective : ITrainingObjective
{
    private const double LeastSignal = 1e-3;
    private const int ValidationSide = 256;
    private const double ValidationSigma = 25 / 255.0;

    private readonly TrainingSettings _settings;
    private readonly string _source;
    private readonly int _images;
    private readonly ImageBuffer[] _heldOut;
    private readonly ImageBuffer _shown;
    private readonly CropSampler _crops;
    private readonly GeneralNoise _noise;
    private readonly BlindSpotNetwork _network;

    /// <param name="settings">Already validated.</param>
    /// <param name="images">Clean, in [0, 1], equal channels.</param>
    /// <param name="heldOut">Clean; measured and never learned from. May be empty.</param>
    /// <param name="source">What the images are, for the card.</param>
    public GeneralObjective(TrainingSettings settings, IReadOnlyList<ImageBuffer> images, IReadOnlyList<ImageBuffer> heldOut, string source)
    {
        TrainingImages.Check(images);
        (_settings, _source, _images) = (settings, source, images.Count);
        var seeds = new SeedSequence(settings.Seed);
        // Halved copies have hardly any noise or compression of their own left, and other frequencies.
        ImageBuffer[] all = [.. images, .. images.Where(image => Math.Min(image.Width, image.Height) >= 2 * settings.CropSize).Select(Halved)];
        _crops = new CropSampler(all, new double[all.Length], settings.CropSize, settings.BatchSize, seeds);
        _noise = new GeneralNoise(seeds);
        _network = new BlindSpotNetwork(BlindSpotLayout.Of(settings.Preset, images[0].Channels));
        _heldOut = [.. heldOut.Where(image => image.Channels == images[0].Channels).Select(Square)];
        _shown = GaussianNoise.Corrupt(_heldOut.Length > 0 ? _heldOut[0] : Square(images[0]), ValidationSigma, 0);
        Parameters.Initialise(seeds);
        if (settings.StartFrom is { } start)
        {
            Parameters.Load(TakenOver(start, seeds));
        }
    }

    public FlatParameters Parameters => _network.Parameters;

    public Tensor Loss(long step, double fraction)
    {
        var (crops, _) = _crops.Draw(step);
        var (noisy, gain, constant) = _noise.Add(crops, step);
        var perCrop = crops.shape[2] * crops.shape[3];
        var (a, b) = (gain.repeat_interleave(perCrop), constant.repeat_interleave(perCrop));
        var prediction = PixelColumns.Of(_network.Predict(noisy), float32);
        var clean = PixelColumns.Of(crops, float32);
        using TorchSharp.Scalar least = LeastSignal;
        var assumed = (prediction.narrow(0, 0, clean.shape[0]).clamp_min(least) * a).Plus(b);
        return GaussianLikelihood.ExpectedLoss(prediction, clean, (clean * a).Plus(b), assumed);
    }

    public ImageBuffer Preview(int side) => BlindSpotTiles.Denoise(_network, TrainingImages.Middle(_shown, Math.Min(side, _shown.Width) / 32 * 32), ValidationSigma);

    /// <summary>Mean PSNR in dB over the held-out images, σ = 25/255, unclipped noise, result clipped to [0, 1].</summary>
    public double? Validate() => _heldOut.Length == 0 ? null : _heldOut.Select((clean, index) => Decibels(clean, (ulong)index)).Average();

    public DenoiserModel Export(float[] weights, TrainingSummary run) => new(
        new DenoiserSettings
        {
            Preset = _settings.Preset,
            Channels = _network.Layout.Channels,
            LowestSigma = GeneralNoise.LowestSigma,
            HighestSigma = GeneralNoise.HighestSigma,
            RangePerImage = true,
            Steps = run.Steps,
            Seed = _settings.Seed,
        },
        weights,
        ModelCard.ForBuiltIn(_settings, _images, _network.Layout.Channels, _source, _heldOut.Length, run));

    public void Dispose() => _network.Dispose();

    private float[] TakenOver(DenoiserModel start, SeedSequence seeds)
    {
        var blind = start.Settings.Network == NetworkKinds.BlindSpot;
        if (blind && start.Layers.SequenceEqual(_network.Layout.Layers))
        {
            return start.Weights;
        }

        if (!blind || BlindSpotLayout.Of(start.Settings) is not { } small || !NetworkGrowth.Fits(small, _network.Layout))
        {
            Dispose();
            throw new DenoiserFormatException(
                $"The model to start from is a {start.Settings.Preset} {start.Settings.Network} network of {start.Settings.Channels} channels, which cannot grow into the "
                + $"{_settings.Preset} network of {_network.Layout.Channels}: start from a smaller general denoiser, or from none.");
        }

        return NetworkGrowth.Into(small, start.Weights, _network.Layout, seeds);
    }

    private double Decibels(ImageBuffer clean, ulong seed)
    {
        var denoised = BlindSpotTiles.Denoise(_network, GaussianNoise.Corrupt(clean, ValidationSigma, seed), ValidationSigma);
        var clipped = new ImageBuffer(denoised.Channels, denoised.Height, denoised.Width, [.. denoised.Planes.Select(value => Math.Clamp(value, 0, 1))]);
        return PsnrMetric.Between(clean, clipped);
    }

    private static ImageBuffer Halved(ImageBuffer image) => Resize.To(image, image.Width / 2, image.Height / 2);

    private static ImageBuffer Square(ImageBuffer image) => TrainingImages.Middle(image, Math.Min(ValidationSide, Math.Min(image.Width, image.Height)) / 32 * 32);
}

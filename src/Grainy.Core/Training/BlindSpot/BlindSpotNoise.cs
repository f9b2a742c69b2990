using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Training.BlindSpot;

/// <summary>What a training assumes about the noise of its images: the kind, which parameters are known, and the scale on which the network sees the images.</summary>
internal sealed class BlindSpotNoise
{
    private readonly NoiseModel?[] _known;

    /// <param name="settings">Already validated.</param>
    /// <param name="images">On their own scale.</param>
    /// <exception cref="ArgumentException">The noise is to be estimated and cannot be: one sentence for people.</exception>
    public BlindSpotNoise(TrainingSettings settings, IReadOnlyList<ImageBuffer> images)
    {
        Model = settings.BlindSpot.Noise ?? new NoiseModel.Gaussian(settings.NoiseSigma);
        IsLearned = settings.BlindSpot.Noise is { IsKnown: false };
        IsEstimated = settings.BlindSpot.Noise is null && settings.NoiseSigma is null;
        Range = RangeOf(settings, images);
        _known = [.. images.Select(image => IsLearned ? null : IsEstimated ? Estimate(image) : Model)];
        Sigmas = [.. images.Zip(_known, (image, known) => known is null ? (double?)null : Deviation(known, image)).OfType<double>()];
    }

    /// <summary>On the images' own scale; unknown parameters are null.</summary>
    public NoiseModel Model { get; }

    /// <summary>True when a parameter is learned with the network.</summary>
    public bool IsLearned { get; }

    /// <summary>True when it is Gaussian and estimated from each image.</summary>
    public bool IsEstimated { get; }

    public IntensityRange Range { get; }

    /// <summary>Standard deviation at the mean of each image, on the image's own scale; empty while it is learned.</summary>
    public double[] Sigmas { get; }

    /// <summary>Known noise of one image on the network's scale.</summary>
    public NoiseModel? OnNetwork(int image) => _known[image]?.OnScale(Range.Offset, Range.Scale);

    /// <summary>The model on the network's scale, unknown parameters null.</summary>
    public NoiseModel Template => Model.OnScale(Range.Offset, Range.Scale);

    /// <summary>Learned noise, from the network's scale to the images' own.</summary>
    public NoiseModel OnImages(NoiseModel network) => network.OnScale(-Range.Offset / Range.Scale, 1 / Range.Scale);

    /// <summary>Standard deviation of the noise of a sample as bright as the image on average.</summary>
    public static double Deviation(NoiseModel noise, ImageBuffer image) => Math.Max(Math.Sqrt(noise.VarianceAt(image.Planes.Average(sample => (double)sample)) ?? 0), 1e-12);

    private NoiseModel.Gaussian Estimate(ImageBuffer image) => NoiseEstimator.TryEstimate(image)?.Sigma is > 0 and var estimate
        ? new NoiseModel.Gaussian(Math.Max(estimate, 1e-4 * Range.Scale))
        : throw new ArgumentException($"The noise of an image of {image.Width} × {image.Height} pixels could not be estimated; give its σ.");

    private IntensityRange RangeOf(TrainingSettings settings, IReadOnlyList<ImageBuffer> images)
    {
        if (settings.StartFrom is { Settings.RangePerImage: false } start)
        {
            return new IntensityRange(start.Settings.RangeOffset, start.Settings.RangeScale);
        }

        var range = IntensityRange.Of(images);
        return Model switch
        {
            NoiseModel.Impulse => IntensityRange.Identity, // the impulses' colours are uniform in [0, 1]
            NoiseModel.Poisson => new IntensityRange(0, range.Offset + range.Scale), // no counts must stay zero
            _ => range,
        };
    }
}

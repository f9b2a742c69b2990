using Grainy.Core.Images;
using Grainy.Core.Training.Registration;

namespace Grainy.Core.Noise;

/// <summary>
/// Measures the noise of images without knowing the clean ones: its strength by three ways, how it grows with brightness, whether pixels and channels are
/// independent, impulses, clipping, black level; from frames of one scene also without any influence of the scene. Ends in a proposal.
/// </summary>
public static class NoiseAnalysis
{
    /// <summary>Of longer lists, this many images, evenly spaced, are measured.</summary>
    public const int MostImages = 16;

    /// <summary>Measures images and proposes how to denoise them.</summary>
    /// <param name="images">All on one scale; each at least 16 × 16 pixels, with finite samples.</param>
    /// <param name="framesOfOneScene">Whether neighbours in the list are exposures of one scene; null: found out from their structure.</param>
    /// <param name="hasAccelerator">True when training can use a graphics card: then the larger network is proposed where there is enough to learn from.</param>
    /// <exception cref="ArgumentException">No image, too small, of mixed channels, or with samples that are not numbers: one sentence for people.</exception>
    public static NoiseReport Run(IReadOnlyList<ImageBuffer> images, bool? framesOfOneScene = null, bool hasAccelerator = false)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count == 0)
        {
            throw new ArgumentException("There is no image to measure.", nameof(images));
        }

        if (images.FirstOrDefault(image => image.Channels != images[0].Channels) is { } other)
        {
            throw new ArgumentException(
                $"Images of {images[0].Channels} and of {other.Channels} channels cannot be measured together; measure grey and RGB images apart.", nameof(images));
        }

        var places = Chosen(images.Count);
        var measured = places.Select(place => OfImage(images[place])).ToArray();
        var frames = places.Where(place => place + 1 < images.Count && CanCompare(images[place], images[place + 1])).Take(4)
            .Select(place => OfFrames(images[place], images[place + 1])).ToArray();
        return Conclude(measured, frames, images.Count, images.Sum(image => (long)image.Width * image.Height), framesOfOneScene, hasAccelerator);
    }

    /// <summary>The places of at most <see cref="MostImages"/> of <paramref name="count"/> images, evenly spaced.</summary>
    public static IReadOnlyList<int> Chosen(int count) =>
        count <= MostImages ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, MostImages).Select(i => (int)((long)i * (count - 1) / (MostImages - 1)))];

    /// <summary>Measures one image.</summary>
    /// <param name="isLossy">True when it comes from a format that discards detail, such as JPEG.</param>
    /// <exception cref="ArgumentException">Smaller than 16 × 16 pixels, or with samples that are not numbers: one sentence for people.</exception>
    public static ImageNoise OfImage(ImageBuffer image, bool isLossy = false)
    {
        ArgumentNullException.ThrowIfNull(image);
        FiniteSamplesAsArgument(image);
        if (Math.Min(image.Width, image.Height) < NoiseEstimator.LeastSide)
        {
            throw new ArgumentException(
                $"An image of {image.Width} × {image.Height} pixels is too small to tell noise from content; at least {NoiseEstimator.LeastSide} × {NoiseEstimator.LeastSide} are needed.",
                nameof(image));
        }

        var spread = SampleSpread.Of(image);
        var curve = VarianceLine.Fit(SignalBins.Of(image));
        return new ImageNoise(
            image.Width,
            image.Height,
            [.. Enumerable.Range(0, image.Channels).Select(channel => NoiseEstimator.OfChannel(image, channel))],
            spread,
            curve,
            ImpulseShare.Of(image, spread, curve),
            spread.IsConstant ? null : CalmBlocks.Correlate(image, spread.Step),
            isLossy);
    }

    /// <summary>True when two images have one size and are large enough to be laid on one another.</summary>
    public static bool CanCompare(ImageBuffer first, ImageBuffer second)
    {
        ArgumentNullException.ThrowIfNull(first);
        return first.HasSizeOf(second) && Math.Min(first.Width, first.Height) >= PairRegistration.SmallestSide;
    }

    /// <summary>Measures two frames, whether they show one scene or not.</summary>
    /// <exception cref="ArgumentException">Of different size, too small, or with samples that are not numbers: one sentence for people.</exception>
    public static FrameNoise OfFrames(ImageBuffer first, ImageBuffer second)
    {
        var alignment = PairRegistration.Measure(first, second);
        FiniteSamplesAsArgument(first);
        FiniteSamplesAsArgument(second);
        var correlation = new AutocorrelationSums();
        var power = 0.0;
        for (var channel = 0; channel < first.Channels; channel++)
        {
            var difference = Difference(first.Plane(channel), second.Plane(channel));
            power += difference.Sum(value => (double)value * value);
            correlation.Add(difference, first.Width, first.Height);
        }

        return new FrameNoise(
            alignment, Math.Sqrt(power / 2 / first.Planes.Length), VarianceLine.Fit(PhotonTransfer.Of(first, second)), correlation.Result(null, Math.Sqrt(power / 2 / first.Planes.Length)));
    }

    /// <summary>Draws the conclusion from measurements, which may have been taken one after the other.</summary>
    /// <param name="images">At least one.</param>
    /// <param name="frames">Pairs of neighbours, if any were compared.</param>
    /// <param name="count">Images in all, also those that were not measured.</param>
    /// <param name="pixels">Pixels of all images.</param>
    /// <param name="framesOfOneScene">See <see cref="Run"/>.</param>
    /// <param name="hasAccelerator">See <see cref="Run"/>.</param>
    public static NoiseReport Conclude(
        IReadOnlyList<ImageNoise> images, IReadOnlyList<FrameNoise> frames, int count, long pixels, bool? framesOfOneScene = null, bool hasAccelerator = false)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(frames);
        var oneScene = frames.Count > 0 && (framesOfOneScene ?? frames.Count(frame => frame.IsOneScene) * 2 > frames.Count);
        return new NoiseReport(images, frames, new ProposalRules(images, oneScene ? frames : [], count, pixels, hasAccelerator).Propose());
    }

    private static float[] Difference(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var difference = new float[first.Length];
        var sum = 0.0;
        for (var i = 0; i < difference.Length; i++)
        {
            difference[i] = first[i] - second[i];
            sum += difference[i];
        }

        var drift = (float)(sum / difference.Length);
        for (var i = 0; i < difference.Length; i++)
        {
            difference[i] -= drift;
        }

        return difference;
    }

    private static void FiniteSamplesAsArgument(ImageBuffer image)
    {
        try
        {
            FiniteSamples.Require(image);
        }
        catch (ImageFormatException error)
        {
            throw new ArgumentException(error.Message, nameof(image), error);
        }
    }
}

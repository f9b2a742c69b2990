using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Weights;

namespace Grainy.Core.Blending;

/// <summary>
/// Pictures between pictures: each frame is the one whose weighted squared distances to all images are smallest, a barycentre in the metric (Kettunen 2019,
/// section 6). Where a pixel mix shows all images as ghosts, such a frame takes over structures of one or the other.
/// </summary>
public static class PerceptualBlend
{
    private const long PixelsPerGroup = 4 * 256 * 256;
    private const int SmallestSide = 32;

    /// <summary>
    /// Computes the frames: first those that are images themselves, then the others in the order that <see cref="BlendOptions.Near"/> asks for, or from the
    /// middle outwards. One short slice per step of the iterator, on the device thread.
    /// </summary>
    /// <param name="images">Two to eight of the same size (see <see cref="BlendAlignment"/>). Grey is repeated to RGB; values are clipped to [0, 1].</param>
    /// <param name="options">Which frames, how.</param>
    /// <param name="weights">For the metric.</param>
    /// <exception cref="MetricInputException">The images cannot be blended, or not under that metric.</exception>
    /// <exception cref="WeightFormatException">The metric's weights are not installed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public static IEnumerable<BlendStep> Run(IReadOnlyList<ImageBuffer> images, BlendOptions options, WeightStore weights, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(weights);
        options.Validated(images.Count);
        var metric = BlendMetrics.Require(options.Metric, weights);
        var prepared = Prepared(images, options.Size);
        return Iterate(prepared, options, metric, weights, ct);
    }

    /// <summary>The images as a blend of this size shows them: RGB, clipped, scaled down where they are larger.</summary>
    /// <param name="images">Of the same size.</param>
    /// <param name="size">Longer side in pixels.</param>
    /// <exception cref="MetricInputException">They differ in size or are too small.</exception>
    public static IReadOnlyList<ImageBuffer> Prepared(IReadOnlyList<ImageBuffer> images, int size)
    {
        ArgumentNullException.ThrowIfNull(images);
        foreach (var image in images)
        {
            MetricInputs.RequireComparable(images[0], image, "a blend", SmallestSide);
        }

        ImageBuffer[] prepared = [.. images.Select(image => Prepared(image, size))];
        MetricInputs.RequireComparable(prepared[0], prepared[^1], "a blend at this size", SmallestSide);
        return prepared;
    }

    private static IEnumerable<BlendStep> Iterate(IReadOnlyList<ImageBuffer> images, BlendOptions options, string metric, WeightStore weights, CancellationToken ct)
    {
        var open = new List<BlendTarget>();
        foreach (var target in options.Frames.Where(target => !options.Known.ContainsKey(target.Index)))
        {
            if (target.Corner >= 0)
            {
                yield return Given(target, images[target.Corner], metric);
            }
            else
            {
                open.Add(target);
            }
        }

        if (open.Count == 0)
        {
            yield break;
        }

        using var context = new BlendContext(images, options, metric, weights);
        var there = options.Frames.Except(open).Select(target => target.Weights).ToList();
        var (height, width) = context.Inputs.Sizes[0];
        var largest = (int)Math.Clamp(PixelsPerGroup / ((long)width * height), 1, 4);
        while (open.Count > 0)
        {
            var targets = BlendOrder.Next(open, there, options.Near?.Invoke(), largest);
            open.RemoveAll(targets.Contains);
            there.AddRange(targets.Select(target => target.Weights));
            using var group = new BlendGroup(context, targets);
            foreach (var step in group.Run(ct))
            {
                yield return step;
            }
        }
    }

    private static BlendStep Given(BlendTarget target, ImageBuffer image, string metric) => new()
    {
        Frame = target.Index,
        Weights = target.Weights,
        StepsDone = 0,
        StepsTotal = 0,
        Energy = 0,
        MixEnergy = 0,
        Metric = metric,
        Stage = BlendStage.Given,
        Picture = image,
        FrameFinal = true,
    };

    private static ImageBuffer Prepared(ImageBuffer image, int size)
    {
        var rgb = image.ToRgb();
        var scaled = Math.Max(image.Width, image.Height) > size ? Resize.ToLongerSide(rgb, size) : rgb;
        return new ImageBuffer(3, scaled.Height, scaled.Width, Array.ConvertAll(scaled.Planes, value => Math.Clamp(value, 0, 1)));
    }
}

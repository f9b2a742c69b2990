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
        IEnumerable<BlendStep> Compute(BlendOptions chosen) => Iterate(prepared, chosen, metric, weights, ct);
        return options is { Spacing: BlendOptions.Even, Path: BlendOptions.Chain } ? EvenChain.Run(options, Compute) : Compute(options);
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
                yield return BlendStep.Known(target, metric, images[target.Corner]);
            }
            else
            {
                open.Add(target);
            }
        }

        var line = BlendLattice.IsLine(options.Frames);
        var toMeasure = line ? options.Frames.FirstOrDefault(target => options.Known.ContainsKey(target.Index)) : null;
        if (open.Count == 0 && toMeasure is null)
        {
            yield break;
        }

        using var context = new BlendContext(images, options, metric, weights);
        var pictures = line ? options.Known.ToDictionary() : [];
        var last = toMeasure is null ? null : BlendStep.Known(toMeasure, metric, images[0]) with { Picture = null, Stage = BlendStage.Final };
        foreach (var step in open.Count == 0 ? [] : options.Path == BlendOptions.Geodesic ? Geodesic(context, ct) : Chain(context, open, ct))
        {
            if (line && step is { FrameFinal: true, Picture: { } picture })
            {
                pictures[step.Frame] = Resize.To(picture, context.Inputs.Sizes[0].Width, context.Inputs.Sizes[0].Height);
                last = step with { Picture = null };
            }

            yield return step;
        }

        if (last is null)
        {
            yield break;
        }

        // Nothing is left to come but the report on all frames together.
        last = last with { FrameFinal = false };
        foreach (var before in options.Path == BlendOptions.Geodesic && open.Count > 0 ? SpacingReport.OfMixes(context, ct) : [])
        {
            yield return last = last with { SpacingBefore = before };
        }

        ImageBuffer[] chain = [.. options.Frames.Select(target => target.Corner >= 0 ? images[target.Corner] : pictures[target.Index])];
        foreach (var spacing in SpacingReport.Measure(context, chain, ct))
        {
            yield return last with { Spacing = spacing };
        }
    }

    private static IEnumerable<BlendStep> Geodesic(BlendContext context, CancellationToken ct)
    {
        using var path = new GeodesicPath(context);
        foreach (var step in path.Run(ct))
        {
            yield return step;
        }
    }

    private static IEnumerable<BlendStep> Chain(BlendContext context, List<BlendTarget> open, CancellationToken ct)
    {
        var options = context.Options;
        var there = options.Frames.Except(open).Select(target => target.Weights).ToList();
        var (height, width) = context.Inputs.Sizes[0];
        var largest = options.Reference ? 1 : (int)Math.Clamp(PixelsPerGroup / ((long)width * height), 1, 4);
        while (open.Count > 0)
        {
            // A frame that goes on from an earlier stage has steps of its own behind it.
            var targets = BlendOrder.Next(open, there, options.Near?.Invoke(), largest);
            targets = options.Resume.ContainsKey(targets[0].Index) ? [targets[0]] : [.. targets.Where(target => !options.Resume.ContainsKey(target.Index))];
            open.RemoveAll(targets.Contains);
            there.AddRange(targets.Select(target => target.Weights));
            foreach (var step in options.Reference ? Published(context, targets[0], ct) : Together(context, targets, ct))
            {
                yield return step;
            }
        }
    }

    private static IEnumerable<BlendStep> Together(BlendContext context, BlendTarget[] targets, CancellationToken ct)
    {
        using var group = new BlendGroup(context, targets);
        foreach (var step in group.Run(ct))
        {
            yield return step;
        }
    }

    private static IEnumerable<BlendStep> Published(BlendContext context, BlendTarget target, CancellationToken ct)
    {
        using var procedure = new PublishedProcedure(context, target);
        foreach (var step in procedure.Run(ct))
        {
            yield return step;
        }
    }

    private static ImageBuffer Prepared(ImageBuffer image, int size)
    {
        var rgb = image.ToRgb();
        var scaled = Math.Max(image.Width, image.Height) > size ? Resize.ToLongerSide(rgb, size) : rgb;
        return new ImageBuffer(3, scaled.Height, scaled.Width, Array.ConvertAll(scaled.Planes, value => Math.Clamp(value, 0, 1)));
    }
}

using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>
/// Pictures between two pictures: each frame is the one whose weighted squared E-LPIPS distances to both ends are smallest, a barycentre in the metric
/// (Kettunen 2019, section 6). Where a pixel mix shows both pictures as ghosts, such a frame takes over the structures of either.
/// </summary>
public static class PerceptualBlend
{
    private const long PixelsPerGroup = 4 * 256 * 256;
    private const int EarlySteps = 20;

    /// <summary>
    /// Computes the frames: first both ends, then the middle, the quarters, and so on. One short slice per step of the iterator, on the device thread.
    /// </summary>
    /// <param name="a">Frame 0. Grey is repeated to RGB; values are clipped to [0, 1].</param>
    /// <param name="b">The last frame; of the same size.</param>
    /// <param name="options">How many frames of which size.</param>
    /// <param name="weights">For <c>elpips-squeeze</c>; without its weights <c>elpips-builtin</c> is used.</param>
    /// <exception cref="MetricInputException">The images cannot be blended.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public static IEnumerable<BlendStep> Run(ImageBuffer a, ImageBuffer b, BlendOptions options, WeightStore weights, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(weights);
        MetricInputs.RequireComparable(a, b, "a blend", ELpipsMetric.SmallestSide);
        return Iterate(Prepared(a, options.Validated().Size), Prepared(b, options.Size), options, new MetricCatalog(weights), ct);
    }

    private static IEnumerable<BlendStep> Iterate(ImageBuffer a, ImageBuffer b, BlendOptions options, MetricCatalog catalog, CancellationToken ct)
    {
        MetricInputs.RequireComparable(a, b, "a blend at this size", ELpipsMetric.SmallestSide);
        var metric = catalog.IsAvailable("elpips-squeeze", out _) ? "elpips-squeeze" : "elpips-builtin";
        foreach (var (frame, picture) in new[] { (0, a), (options.Frames - 1, b) }.Where(end => !options.Skip.Contains(end.Item1)))
        {
            yield return new BlendStep
            {
                Frame = frame,
                Weight = frame == 0 ? 0 : 1,
                StepsDone = 0,
                StepsTotal = 0,
                Energy = 0,
                MixEnergy = 0,
                Metric = metric,
                Picture = picture,
                FrameFinal = true,
            };
        }

        using var distance = catalog.LoadDistance(metric);
        using var ends = Ends(a, b);
        var energy = new BlendEnergy(distance, a.Height, a.Width, options.Seed);
        var largest = (int)Math.Max(1, PixelsPerGroup / ((long)a.Width * a.Height));
        // The first picture should come soon, so the middle frame goes alone; it does anyway, being the only one of its rank.
        foreach (var frames in BlendOrder.Groups(options.Frames, options.Skip, largest))
        {
            using var group = new BlendGroup(distance, ends, [.. frames.Select(frame => frame / (options.Frames - 1.0))], options.StepsPerFrame, options.Seed);
            foreach (var step in Optimise(group, frames, energy, options, metric, ct))
            {
                yield return step;
            }
        }
    }

    private static IEnumerable<BlendStep> Optimise(BlendGroup group, int[] frames, BlendEnergy energy, BlendOptions options, string metric, CancellationToken ct)
    {
        var (mix, unknown) = (new double[frames.Length], new double[frames.Length]);
        foreach (var _ in group.Measure(energy, mix))
        {
            ct.ThrowIfCancellationRequested();
            yield return Report(0, unknown, unknown, picture: false);
        }

        var latest = mix;
        foreach (var target in new[] { Math.Min(EarlySteps, options.StepsPerFrame / 2), options.StepsPerFrame })
        {
            while (group.StepsDone < target)
            {
                group.Advance(target, ct);
                for (var i = 0; i < frames.Length; i++)
                {
                    yield return Report(i, latest, mix, picture: false);
                }
            }

            var measured = new double[frames.Length];
            foreach (var _ in group.Measure(energy, measured))
            {
                ct.ThrowIfCancellationRequested();
                yield return Report(0, latest, mix, picture: false);
            }

            latest = measured;
            for (var i = 0; i < frames.Length; i++)
            {
                yield return Report(i, latest, mix, picture: true);
            }
        }

        BlendStep Report(int i, double[] energies, double[] mixEnergies, bool picture) => new()
        {
            Frame = frames[i],
            Weight = group.Weights[i],
            StepsDone = group.StepsDone,
            StepsTotal = options.StepsPerFrame,
            Energy = energies[i],
            MixEnergy = mixEnergies[i],
            Metric = metric,
            Picture = picture ? group.Picture(i) : null,
            FrameFinal = picture && group.StepsDone == options.StepsPerFrame,
        };
    }

    private static ImageBuffer Prepared(ImageBuffer image, int size)
    {
        var scaled = Math.Max(image.Width, image.Height) > size ? Resize.ToLongerSide(image.ToRgb(), size) : image.ToRgb();
        return new ImageBuffer(3, scaled.Height, scaled.Width, Array.ConvertAll(scaled.Planes, value => Math.Clamp(value, 0, 1)));
    }

    private static Tensor Ends(ImageBuffer a, ImageBuffer b)
    {
        using var scope = NewDisposeScope();
        return cat([a.ToTensor(), b.ToTensor()], 0).DetachFromDisposeScope();
    }
}

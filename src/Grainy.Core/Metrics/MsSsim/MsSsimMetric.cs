using Grainy.Core.Images;
using Grainy.Core.Metrics.Ssim;

namespace Grainy.Core.Metrics.MsSsim;

/// <summary>
/// Multi-scale structural similarity (Wang, Simoncelli, Bovik 2003, equation 7): Π over five scales of the mean contrast-and-structure term to the power of the
/// scale's weight, times luminance at the coarsest. Each scale halves the one before by the means of blocks of 2 × 2.
/// </summary>
/// <remarks>
/// <para>As in the authors' program: the window is that of <see cref="SsimWindow"/> at every scale, terms are averaged over the places where it lies inside,
/// and an odd side is continued by its last sample before it is halved. At the coarsest scale the term is the whole similarity, luminance included.</para>
/// <para>The mean term of a scale can be negative (structures that oppose each other), and a fractional power of it has no real value. It counts as 0 then,
/// and so does the product: such images have nothing in common at that scale.</para>
/// <para>The channels are measured each by itself, and the mean of their values is taken.</para>
/// </remarks>
public sealed class MsSsimMetric : IMetric
{
    /// <summary>Weights of the scales, finest first; their sum is 1.0001 in the paper, and is kept so.</summary>
    internal static readonly double[] Weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    /// <summary>Halved four times, rounding up, it holds one window: ⌈161 / 16⌉ = 11.</summary>
    internal const int SmallestSide = 161;

    private const long PixelsPerSlice = 1_000_000;

    /// <inheritdoc/>
    public string Name => "ms-ssim";

    /// <inheritdoc/>
    public MetricInput Input { get; } = MetricInput.PerChannel(SmallestSide);

    /// <inheritdoc/>
    public bool LowerIsBetter => false;

    /// <inheritdoc/>
    public IEnumerable<MetricResult> Measure(ImageBuffer a, ImageBuffer b, MetricOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (x, y) = Input.Convert(a, b, Name, options.Validated());
        var fingerprint = $"ms-ssim; 5 scales 0.0448 0.2856 0.3001 0.2363 0.1333; 11×11 gaussian 1.5; K 0.01 0.03; {MetricInput.Describe(options)}; "
            + "inside; mean over channels";
        var sum = 0.0;
        for (var channel = 0; channel < x.Channels; channel++)
        {
            var latest = 0.0;
            foreach (var value in Values(new Plane(x, channel), new Plane(y, channel), ct))
            {
                if (latest > 0)
                {
                    yield return Result((sum + latest) / (channel + 1), final: false);
                }

                latest = value;
            }

            sum += latest;
            yield return Result(sum / (channel + 1), channel == x.Channels - 1);
        }

        MetricResult Result(double value, bool final) => new(Name, value, null, 1, options.Seed, fingerprint, [], final);
    }

    /// <inheritdoc/>
    public IEnumerable<MetricBatch> MeasureMany(ImageBuffer reference, IReadOnlyList<ImageBuffer> candidates, MetricOptions options, CancellationToken ct) =>
        SeparateMeasurements.Of(this, reference, candidates, options, ct);

    /// <summary>Nothing is held.</summary>
    public void Dispose()
    {
    }

    // Values of one channel that improve slice by slice: the product over the scales so far, the last of which may be known in part.
    private static IEnumerable<double> Values(Plane x, Plane y, CancellationToken ct)
    {
        var product = 1.0;
        for (var scale = 0; scale < Weights.Length; scale++)
        {
            var (sum, value) = (0.0, product);
            var rows = x.Height - SsimWindow.Side + 1;
            var rowsPerSlice = (int)Math.Clamp(PixelsPerSlice / x.Width, 1, rows);
            for (var from = 0; from < rows; from += rowsPerSlice)
            {
                ct.ThrowIfCancellationRequested();
                var to = Math.Min(rows, from + rowsPerSlice);
                var (similarity, contrast) = SsimWindow.Sum(x.Samples, y.Samples, x.Width, from, to);
                sum += scale == Weights.Length - 1 ? similarity : contrast;
                value = product * Math.Pow(Math.Max(0, sum / ((double)to * (x.Width - SsimWindow.Side + 1))), Weights[scale]);
                yield return value;
            }

            product = value;
            if (scale < Weights.Length - 1)
            {
                (x, y) = (x.Halved(), y.Halved());
            }
        }
    }

    // One channel at one scale.
    private sealed record Plane(int Height, int Width, float[] Samples)
    {
        public Plane(ImageBuffer image, int channel)
            : this(image.Height, image.Width, image.Plane(channel).ToArray())
        {
        }

        public Plane Halved()
        {
            var (height, width) = ((Height + 1) / 2, (Width + 1) / 2);
            var halved = new float[height * width];
            for (var y = 0; y < height; y++)
            {
                var (top, bottom) = (2 * y * Width, Math.Min((2 * y) + 1, Height - 1) * Width);
                for (var x = 0; x < width; x++)
                {
                    var (left, right) = (2 * x, Math.Min((2 * x) + 1, Width - 1));
                    halved[(y * width) + x] = (Samples[top + left] + Samples[top + right] + Samples[bottom + left] + Samples[bottom + right]) / 4;
                }
            }

            return new Plane(height, width, halved);
        }
    }
}

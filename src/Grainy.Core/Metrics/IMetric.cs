using Grainy.Core.Images;

namespace Grainy.Core.Metrics;

/// <summary>A way to say how far apart two images are. Used and disposed on the device thread only; weights are loaded by the first measurement.</summary>
public interface IMetric : IDisposable
{
    /// <summary>For example <c>lpips-squeeze</c>.</summary>
    string Name { get; }

    /// <summary>What the metric is defined on, and so how images are converted for it.</summary>
    MetricInput Input { get; }

    /// <summary>True for distances, false for measures of likeness such as PSNR.</summary>
    bool LowerIsBetter { get; }

    /// <summary>
    /// Compares two images of the same size, converted as <see cref="Input"/> says. Every step of the iterator is one short slice; results improve, and the
    /// last one has <see cref="MetricResult.Final"/> set.
    /// </summary>
    /// <exception cref="MetricInputException">The images cannot be compared (thrown by the first step).</exception>
    /// <exception cref="Weights.WeightFormatException">The weights are missing or damaged.</exception>
    IEnumerable<MetricResult> Measure(ImageBuffer a, ImageBuffer b, MetricOptions options, CancellationToken ct);

    /// <summary>
    /// Compares candidates with one reference, all of the same size. E-LPIPS sends all of them through the same random transforms and the reference only once,
    /// so that their order becomes clear long before each value does.
    /// </summary>
    /// <exception cref="MetricInputException">The images cannot be compared (thrown by the first step).</exception>
    /// <exception cref="ArgumentException">There is no candidate, or the options continue an earlier measurement of other candidates.</exception>
    /// <exception cref="Weights.WeightFormatException">The weights are missing or damaged.</exception>
    IEnumerable<MetricBatch> MeasureMany(ImageBuffer reference, IReadOnlyList<ImageBuffer> candidates, MetricOptions options, CancellationToken ct);
}

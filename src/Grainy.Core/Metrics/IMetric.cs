using Grainy.Core.Images;

namespace Grainy.Core.Metrics;

/// <summary>A way to say how far apart two images are. Used and disposed on the device thread only; weights are loaded by the first measurement.</summary>
public interface IMetric : IDisposable
{
    /// <summary>For example <c>lpips-squeeze</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Compares two images of the same size, nominally in [0, 1]; grey is taken as RGB with equal channels where the metric needs colour. Every step of the
    /// iterator is one short slice; results improve, and the last one has <see cref="MetricResult.Final"/> set.
    /// </summary>
    /// <exception cref="MetricInputException">The images cannot be compared (thrown by the first step).</exception>
    /// <exception cref="Weights.WeightFormatException">The weights are missing or damaged.</exception>
    IEnumerable<MetricResult> Measure(ImageBuffer a, ImageBuffer b, MetricOptions options, CancellationToken ct);
}

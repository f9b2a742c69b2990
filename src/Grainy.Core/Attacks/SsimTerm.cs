using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>1 − SSIM, or 1 − MS-SSIM with the weights of five scales (Wang, Simoncelli, Bovik 2003, equation 7).</summary>
/// <remarks>
/// A scale whose mean contrast term is negative counts as 0 in the metric; here as 10⁻⁶, so that there is still a slope towards the reference.
/// </remarks>
internal sealed class SsimTerm : AttackTerm
{
    private readonly SsimFilter _filter = new();
    private readonly double[] _weights;
    private readonly (Tensor Planes, Tensor Mean, Tensor Variance)[] _scales;

    /// <param name="metric">Its name.</param>
    /// <param name="reference">RGB.</param>
    /// <param name="weights">Of the scales, finest first; a single 1 is plain SSIM, whose value may be negative.</param>
    public SsimTerm(string metric, ImageBuffer reference, double[] weights)
        : base(metric)
    {
        _weights = weights;
        _scales = new (Tensor, Tensor, Tensor)[weights.Length];
        using var scope = NewDisposeScope();
        var planes = SsimFilter.Planes(reference.ToTensor());
        for (var scale = 0; scale < weights.Length; scale++)
        {
            var (mean, variance) = _filter.Moments(planes);
            _scales[scale] = (planes.DetachFromDisposeScope(), mean.DetachFromDisposeScope(), variance.DetachFromDisposeScope());
            planes = scale < weights.Length - 1 ? Halved(planes) : planes;
        }
    }

    public override Tensor Distance(Tensor picture, AttackDraw draw)
    {
        var shape = _scales[0].Planes.shape;
        picture.Require($"1 {shape[0]} {shape[2]} {shape[3]}");
        using var scope = NewDisposeScope();
        var planes = SsimFilter.Planes(picture);
        var product = ones(shape[0], float64);
        for (var scale = 0; scale < _scales.Length; scale++)
        {
            var last = scale == _scales.Length - 1;
            var (contrast, similarity) = _filter.Compare(planes, _scales[scale].Planes, _scales[scale].Mean, _scales[scale].Variance);
            product *= Power((last ? similarity : contrast).mean([1, 2, 3]), _weights[scale]);
            planes = last ? planes : Halved(planes);
        }

        return product.mean().OneMinus().MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _filter.Dispose();
        foreach (var (planes, mean, variance) in _scales)
        {
            planes.Dispose();
            mean.Dispose();
            variance.Dispose();
        }
    }

    private static Tensor Power(Tensor mean, double weight)
    {
        if (weight == 1)
        {
            return mean;
        }

        using TorchSharp.Scalar least = 1e-6, exponent = weight;
        return mean.clamp_min(least).pow(exponent);
    }

    // An odd side is continued by its last sample, as in the metric.
    private static Tensor Halved(Tensor planes)
    {
        using var scope = NewDisposeScope();
        var (bottom, right) = (planes.shape[2] % 2, planes.shape[3] % 2);
        var padded = bottom + right == 0 ? planes : nn.functional.pad(planes, [0, right, 0, bottom], TorchSharp.PaddingModes.Replicate);
        return nn.functional.avg_pool2d(padded, [2, 2], [2, 2]).MoveToOuterDisposeScope();
    }
}

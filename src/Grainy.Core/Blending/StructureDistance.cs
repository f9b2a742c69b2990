using Grainy.Core.Attacks;
using Grainy.Core.Metrics.MsSsim;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>1 − SSIM or 1 − MS-SSIM.</summary>
internal sealed class StructureDistance(string metric) : BlendDistance(metric)
{
    private const int SmallestForFiveScales = 176;

    public override int SmallestSide => Metric == "ssim" ? 11 : SmallestForFiveScales;

    public override BlendReferences Take(Tensor images, BlendDraw draw)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        double[] weights = Metric == "ssim" ? [1] : MsSsimMetric.Weights;
        return new References(
            [.. Enumerable.Range(0, (int)images.shape[0]).Select(i => new SsimTerm(Metric, images.narrow(0, i, 1).ToImage(), weights))],
            images.NumberOfElements * 3 * sizeof(double) * 4 / 3);
    }

    public override void Dispose()
    {
    }

    // Planes, means and variances in float64 at every scale.
    private sealed class References(SsimTerm[] terms, long bytes) : BlendReferences
    {
        public override long Bytes => bytes;

        public override Tensor To(Tensor picture)
        {
            using var scope = NewDisposeScope();
            return stack([.. terms.Select(term => term.Distance(picture, default))], 0).to(picture.dtype).MoveToOuterDisposeScope();
        }

        public override void Dispose()
        {
            foreach (var term in terms)
            {
                term.Dispose();
            }
        }
    }
}

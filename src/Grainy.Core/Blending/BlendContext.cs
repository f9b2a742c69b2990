using Grainy.Core.Images;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>What all frames of one blend share.</summary>
internal sealed class BlendContext : IDisposable
{
    private readonly BlendSampler[] _samplers;

    /// <param name="images">Of the blend's full size.</param>
    /// <param name="options">Validated.</param>
    /// <param name="metric">A name that can be used.</param>
    /// <param name="weights">Where its weights are.</param>
    public BlendContext(IReadOnlyList<ImageBuffer> images, BlendOptions options, string metric, WeightStore weights)
    {
        (Options, Metric) = (options, metric);
        Distance = BlendDistance.Load(metric, weights);
        Inputs = new BlendInputs(images, options.WorkingSize ?? BlendOptions.UsualWorkingSize, Distance.SmallestSide);
        Energy = new BlendEnergy(Distance, Scales(0), options.Seed);
        _samplers = [.. Inputs.Sizes.Select((_, level) => new BlendSampler(Distance.IsEnsemble, Scales(level), options.Seed, options.Reference))];
    }

    public BlendOptions Options { get; }

    public string Metric { get; }

    public BlendDistance Distance { get; }

    public BlendInputs Inputs { get; }

    /// <summary>At the working size.</summary>
    public BlendEnergy Energy { get; }

    /// <summary>Draws of the steps at a level.</summary>
    public BlendSampler Sampler(int level) => _samplers[level];

    /// <summary>The pixel mix at a level with what a picture of a coarser level has over the mix there; the caller owns it.</summary>
    /// <param name="picture"><c>[1, 3, h, w]</c> of level <paramref name="from"/>; borrowed.</param>
    public Tensor Lift(Tensor picture, int from, int to, IReadOnlyList<double> weights)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var (height, width) = Inputs.Sizes[to];
        var gain = nn.functional.interpolate(picture - Inputs.Mix(from, weights), [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
        return Inputs.Mix(to, weights).Plus(gain).MoveToOuterDisposeScope();
    }

    /// <summary>A picture of level 0 at the blend's full size.</summary>
    public ImageBuffer Show(Tensor picture, IReadOnlyList<double> weights)
    {
        var working = picture.ToImage();
        return Inputs.IsReduced ? DetailTransfer.Enlarge(working, Inputs.Full, weights) : working;
    }

    /// <summary>Frees the distance, the images and what is kept of them.</summary>
    public void Dispose()
    {
        Energy.Dispose();
        Inputs.Dispose();
        Distance.Dispose();
    }

    private int Scales(int level)
    {
        var (height, width) = Inputs.Sizes[level];
        return Options.Scales is { } scales ? Math.Max(1, scales >> level) : Options.Reference ? 1 : ELpipsSampler.Scales(height, width);
    }
}

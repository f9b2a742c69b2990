using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>A distance that blends are computed under: features or pixels of references are taken once, and pictures compared with them, differentiably.</summary>
/// <param name="metric">Its name.</param>
internal abstract class BlendDistance(string metric) : IDisposable
{
    /// <summary>For example <c>elpips-squeeze</c>.</summary>
    public string Metric => metric;

    /// <summary>True when it is a mean over random transforms.</summary>
    public virtual bool IsEnsemble => false;

    /// <summary>In pixels.</summary>
    public abstract int SmallestSide { get; }

    /// <summary>What pictures are compared with.</summary>
    /// <param name="images"><c>[M, 3, H, W]</c> in [0, 1]; borrowed.</param>
    /// <param name="draw">Where the distance is no ensemble, the plain one.</param>
    /// <returns>The caller disposes it; it may refer to <paramref name="images"/>, but not to their gradients.</returns>
    public abstract BlendReferences Take(Tensor images, BlendDraw draw);

    /// <summary>Frees what belongs to the distance.</summary>
    public abstract void Dispose();

    /// <summary>The distance of a metric; the caller disposes it.</summary>
    /// <param name="metric">A name that <see cref="BlendMetrics.Require"/> has passed.</param>
    /// <param name="weights">Where its weights are.</param>
    public static BlendDistance Load(string metric, WeightStore weights) => metric switch
    {
        BlendMetrics.SquaredError => new SquaredErrorDistance(),
        "ssim" or "ms-ssim" => new StructureDistance(metric),
        _ => new FeatureBlendDistance(metric, new MetricCatalog(weights).LoadDistance(metric)),
    };
}

/// <summary>References that pictures are compared with, under one draw.</summary>
internal abstract class BlendReferences : IDisposable
{
    /// <summary>Memory that it holds.</summary>
    public abstract long Bytes { get; }

    /// <summary>Distances to all references, <c>[M]</c>; differentiable. The caller owns them.</summary>
    /// <param name="picture"><c>[1, 3, H, W]</c>, of the references' size; borrowed.</param>
    public abstract Tensor To(Tensor picture);

    /// <summary>Frees the references.</summary>
    public abstract void Dispose();
}

/// <summary>What all pictures of a step go through.</summary>
/// <param name="Transform">Of the ensemble.</param>
/// <param name="Dropout">Seed of the masks; null for none.</param>
internal readonly record struct BlendDraw(ELpipsTransform Transform, ulong? Dropout)
{
    /// <summary>The pictures as they are.</summary>
    public static BlendDraw Plain { get; } = new(ELpipsTransform.Identity, null);
}

using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>A distance to the reference that can be differentiated: not negative, 0 for equal pictures, and growing as they look less alike.</summary>
/// <param name="metric">Name of the metric whose distance this is.</param>
internal abstract class AttackTerm(string metric) : IDisposable
{
    /// <summary>For example <c>lpips-squeeze</c>.</summary>
    public string Metric => metric;

    /// <summary>Number of scales that are drawn from; 0 for a distance that draws nothing.</summary>
    public virtual int Scales => 0;

    /// <summary>The distance of a picture.</summary>
    /// <param name="picture"><c>[1, 3, H, W]</c> in [0, 1], of the reference's size; borrowed.</param>
    /// <param name="draw">Used by random distances only.</param>
    /// <returns>A scalar, float64; the caller owns it.</returns>
    public abstract Tensor Distance(Tensor picture, AttackDraw draw);

    /// <summary>Frees what is kept of the reference.</summary>
    public abstract void Dispose();
}

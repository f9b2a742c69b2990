using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>
/// Pairs that a metric judges wrongly because they were made to: the distorted image is moved by small steps of equal size per pixel so that its distance grows or falls
/// (projected gradient, Madry 2018). A student that never saw such pairs has no reason to agree with its teacher on them.
/// </summary>
internal static class AttackedPairs
{
    /// <summary>Attacks one side of each pair.</summary>
    /// <param name="victim">The distance that is attacked; the gradients of its weights, if it has any, must be cleared afterwards.</param>
    /// <param name="references"><c>[N, 3, P, P]</c>; borrowed.</param>
    /// <param name="distorted">Where to start; the same shape; borrowed.</param>
    /// <param name="random">Draws direction, size and number of steps.</param>
    /// <returns><c>[N, 3, P, P]</c> in [0, 1]; the caller owns it.</returns>
    public static Tensor Make(FeatureDistance victim, Tensor references, Tensor distorted, RandomStream random)
    {
        var count = (int)references.Require("N 3 P P")[0];
        using var scope = NewDisposeScope();
        var moves = tensor([.. Enumerable.Range(0, count).Select(_ => (float)((random.Next(2) == 0 ? -1 : 1) * 0.002 * Math.Pow(8, random.NextDouble())))], [count, 1, 1, 1]);
        var current = distorted.clone();
        for (var step = 3 + random.Next(6); step > 0; step--)
        {
            using var inner = NewDisposeScope();
            var leaf = current.detach().requires_grad_();
            victim.Between(references, leaf, null).sum().backward();
            using var inference = no_grad();
            var next = leaf.Plus(leaf.grad!.sign() * moves).clamp(Arithmetic.Zero, Arithmetic.One).MoveToOuterDisposeScope();
            current.Dispose();
            current = next;
        }

        return current.MoveToOuterDisposeScope();
    }
}

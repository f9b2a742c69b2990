using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Grainy.Core.Tensors;

/// <summary>Shape contracts for tensors, checked at every public entry: a wrong shape must not reach native code, where some calls abort the process.</summary>
internal static class Shapes
{
    /// <summary>Returns the sizes of <paramref name="tensor"/> after checking them against <paramref name="contract"/>.</summary>
    /// <param name="tensor">The tensor to check; it is borrowed.</param>
    /// <param name="contract">Axis names or fixed sizes, for example <c>"N 3 H W"</c>.</param>
    /// <param name="name">Filled in by the compiler.</param>
    /// <exception cref="ArgumentException">The rank or a fixed size differs.</exception>
    public static long[] Require(this Tensor tensor, string contract, [CallerArgumentExpression(nameof(tensor))] string name = "")
    {
        var axes = contract.Split(' ');
        var shape = tensor.shape;
        var matches = axes.Length == shape.Length
            && axes.Zip(shape).All(pair => !long.TryParse(pair.First, out var fixedSize) || fixedSize == pair.Second);
        return matches
            ? shape
            : throw new ArgumentException($"'{name}' must have shape [{string.Join(", ", axes)}] but has [{string.Join(", ", shape)}].", name);
    }
}

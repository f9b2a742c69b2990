using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Tensors;

/// <summary>
/// Arithmetic whose numbers outlive the native call. TorchSharp's own <c>a + b</c>, <c>a * 0.5</c> or <c>a.square()</c> make a temporary <see cref="Scalar"/>
/// that nothing holds while native code reads it, so the finalizer may free it first (deploy/decisions/0005-held-scalars.md). Where a number is passed to
/// another method, it is a static field or a <c>using</c> local.
/// </summary>
internal static class Arithmetic
{
    /// <summary>Never freed.</summary>
    public static readonly Scalar Zero = 0;

    /// <summary>Never freed.</summary>
    public static readonly Scalar One = 1;

    private static readonly Scalar Two = 2;

    /// <summary>Sum, with broadcasting. The caller owns it.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>The tensor and a number. The caller owns it.</summary>
    public static Tensor Plus(this Tensor left, double right)
    {
        using Scalar number = right;
        return left.add(number, One);
    }

    /// <summary>The tensor times a number. The caller owns it.</summary>
    public static Tensor Times(this Tensor left, double right)
    {
        using Scalar number = right;
        return left.mul(number);
    }

    /// <summary>1 − x. The caller owns it.</summary>
    public static Tensor OneMinus(this Tensor x)
    {
        using var negative = x.negative();
        return negative.add(One, One);
    }

    /// <summary>x². The caller owns it.</summary>
    public static Tensor Squared(this Tensor x) => x.pow(Two);
}

using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Architecture.Tests.Planted;

/// <summary>Breaks the rule of scalars on purpose, once in each method.</summary>
internal static class LooseScalars
{
    public static Tensor Argument(Tensor x) => x.clamp_min(1e-3);

    public static Tensor Operator(Tensor x) => x * 0.5;

    public static Tensor HiddenFactor(Tensor x, Tensor y) => x + y;

    public static Tensor HiddenExponent(Tensor x) => x.square();

    public static Tensor ForgottenLocal(Tensor x)
    {
        Scalar half = 0.5;
        return x.mul(half);
    }
}

/// <summary>Keeps it.</summary>
internal static class HeldScalars
{
    private static readonly Scalar Half = 0.5;

    public static Tensor Field(Tensor x) => x.mul(Half);

    public static Tensor Local(Tensor x, double number)
    {
        using Scalar factor = number, summand = 1;
        return x.mul(factor).add(summand, factor);
    }
}

using System.Runtime.Intrinsics;

namespace Grainy.Core.Convolutions;

/// <summary>The transforms of <see cref="Winograd"/> in one direction, for eight channels at once, written out.</summary>
internal unsafe interface IShortConvolution
{
    /// <summary>Products, and inputs, for four outputs.</summary>
    static abstract int Products { get; }

    /// <summary>B·d.</summary>
    /// <param name="from">The first input.</param>
    /// <param name="step">Numbers between inputs.</param>
    /// <param name="to">The first result.</param>
    /// <param name="toStep">Numbers between results.</param>
    static abstract void Inputs(float* from, nint step, float* to, nint toStep);

    /// <summary>A·m.</summary>
    /// <param name="from">The first product.</param>
    /// <param name="step">Numbers between products.</param>
    static abstract void Outputs(float* from, nint step, out Vector256<float> first, out Vector256<float> second, out Vector256<float> third, out Vector256<float> fourth);
}

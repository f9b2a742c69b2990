using System.Runtime.Intrinsics;

namespace Grainy.Core.Convolutions;

/// <summary>The transforms of <see cref="Winograd"/> in one direction, for eight channels at once, written out.</summary>
internal unsafe interface IShortConvolution
{
    /// <summary>Outputs of a tile along a side: 4 or 6.</summary>
    static abstract int Side { get; }

    /// <summary>Products, and inputs, for them.</summary>
    static abstract int Products { get; }

    /// <summary>B·d.</summary>
    /// <param name="from">The first input.</param>
    /// <param name="step">Numbers between inputs.</param>
    /// <param name="to">The first result.</param>
    /// <param name="toStep">Numbers between results.</param>
    static abstract void Inputs(float* from, nint step, float* to, nint toStep);

    /// <summary>The first four of A·m.</summary>
    /// <param name="from">The first product.</param>
    /// <param name="step">Numbers between products.</param>
    static abstract void Outputs(float* from, nint step, out Vector256<float> first, out Vector256<float> second, out Vector256<float> third, out Vector256<float> fourth);

    /// <summary>The last two of six.</summary>
    static virtual void LastOutputs(float* from, nint step, out Vector256<float> fifth, out Vector256<float> sixth) => (fifth, sixth) = (default, default);
}

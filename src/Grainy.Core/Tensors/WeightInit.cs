using static TorchSharp.torch;

namespace Grainy.Core.Tensors;

/// <summary>Random starting weights that honour their generator (those of the library ignore it).</summary>
internal static class WeightInit
{
    /// <summary>Gain of layers followed by a rectifier; the small slope of the leaky one is left out, as in the reference.</summary>
    public static readonly double RectifierGain = Math.Sqrt(2);

    /// <summary>Fills <paramref name="weight"/> with normal numbers of standard deviation gain / √(fan-in) (He et al. 2015), in place.</summary>
    /// <param name="weight">Convolution kernel <c>[out, in, kh, kw]</c>.</param>
    /// <param name="gain">√2 before a rectifier, 1 before nothing.</param>
    /// <param name="generator">The stream to draw from.</param>
    public static void HeNormal(Tensor weight, double gain, Generator generator)
    {
        var shape = weight.Require("O I H W");
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        weight.normal_(0, gain / Math.Sqrt(shape[1] * shape[2] * shape[3]), generator);
    }
}

using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>Reading results.</summary>
internal static class LayerValues
{
    /// <summary>The numbers of <c>[L, 1]</c>; borrowed.</summary>
    public static double[] PerLayer(this Tensor layers)
    {
        layers.Require("L 1");
        return layers.PerPair()[0];
    }

    /// <summary>The numbers of <c>[L, N]</c>, pair by pair; borrowed.</summary>
    public static double[][] PerPair(this Tensor layers)
    {
        var shape = layers.Require("L N");
        using var scope = NewDisposeScope();
        var values = layers.detach().cpu().contiguous().data<float>().ToArray();
        return
        [
            .. Enumerable.Range(0, (int)shape[1])
                .Select(pair => Enumerable.Range(0, (int)shape[0]).Select(layer => (double)values[(layer * shape[1]) + pair]).ToArray()),
        ];
    }
}

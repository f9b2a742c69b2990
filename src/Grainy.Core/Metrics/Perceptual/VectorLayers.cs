using Grainy.Core.Convolutions;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>Layers by our own vector code: where no gradient is wanted, on the CPU, with kernels that do not change.</summary>
/// <param name="prepared">Gives the convolution of a name, a stride and a padding.</param>
/// <param name="dropout">Null for none.</param>
internal sealed class VectorLayers(Func<string, int, int, VectorConvolution> prepared, BernoulliDropout? dropout) : ILayers<FeatureMap>
{
    public FeatureMap Convolve(string name, FeatureMap images, int stride = 1, int padding = 0, bool rectify = true)
    {
        var convolution = prepared(name, stride, padding);
        using var masked = dropout?.Apply(images);
        return convolution.Run(masked ?? images, rectify ? 0 : 1);
    }

    public FeatureMap Expand(string narrow, string wide, FeatureMap images)
    {
        var (first, second) = (prepared(narrow, 1, 0), prepared(wide, 1, 1));
        var joined = new FeatureMap(images.Count, images.Height, images.Width, first.Outputs + second.Outputs);
        Write(first, 0);
        Write(second, first.Outputs);
        return joined;

        void Write(VectorConvolution convolution, int channel)
        {
            using var masked = dropout?.Apply(images);
            convolution.Run(masked ?? images, joined, channel, 0);
        }
    }

    public FeatureMap Pool(FeatureMap images, int side, int stride, bool ceiling = false, bool average = false) =>
        Pooling.Run(images, side, stride, ceiling, average);
}

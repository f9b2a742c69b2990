using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Convolutions;

/// <summary>
/// A convolution with fixed kernels and its leaky rectifier in our own vector code, on the CPU. Every output is computed alike, however many there are and whoever
/// computes them, so that values depend on neither batch nor threads.
/// </summary>
internal abstract class VectorConvolution
{
    /// <summary>Channels out.</summary>
    public abstract int Outputs { get; }

    /// <summary>True when there is code for the kernels <c>[O, C, r, r]</c> and for this processor.</summary>
    public static bool Suits(Tensor kernels) =>
        Fma.IsSupported && kernels.shape[0] % Products.Channels == 0 && kernels.dtype == float32 && kernels.device_type == DeviceType.CPU && !kernels.requires_grad;

    /// <summary>Prepares what is fastest.</summary>
    /// <param name="kernels"><c>[O, C, r, r]</c>, which <see cref="Suits"/>; borrowed.</param>
    /// <param name="bias"><c>[O]</c>; borrowed.</param>
    /// <param name="stride">Pixels between neighbouring outputs.</param>
    /// <param name="padding">Zeros on each side.</param>
    public static VectorConvolution Of(Tensor kernels, Tensor bias, int stride, int padding)
    {
        using var scope = NewDisposeScope();
        if (stride > 1)
        {
            var folded = StrideFolding.Kernels(kernels, stride);
            return WinogradConvolution.Suits(folded)
                ? new FoldedConvolution(folded, bias, (int)kernels.shape[2], stride, padding)
                : new DirectConvolution(kernels, bias, stride, padding);
        }

        return WinogradConvolution.Suits(kernels) ? new WinogradConvolution(kernels, bias, padding) : new DirectConvolution(kernels, bias, 1, padding);
    }

    /// <summary>Rows and columns of the result.</summary>
    public abstract (int Height, int Width) SizeFor(FeatureMap images);

    /// <summary>Convolves, rectifies and writes into the channels of <paramref name="target"/> from <paramref name="channel"/> on.</summary>
    /// <param name="images">Borrowed.</param>
    /// <param name="target">Of <see cref="SizeFor"/>.</param>
    /// <param name="channel">The first one written.</param>
    /// <param name="slope">Of the rectifier, in [0, 1]; 1 for none.</param>
    /// <param name="from">The first channel read, where <paramref name="images"/> have more of them than the kernels; not by plain convolutions of larger kernels.</param>
    public abstract void Run(FeatureMap images, FeatureMap target, int channel, float slope, int from = 0);

    /// <summary>Convolves and rectifies; the caller owns the result.</summary>
    /// <param name="images">Borrowed.</param>
    /// <param name="slope">Of the rectifier, in [0, 1]; 1 for none.</param>
    public FeatureMap Run(FeatureMap images, float slope = 0)
    {
        var (height, width) = SizeFor(images);
        if (height < 1 || width < 1)
        {
            throw new ArgumentException($"A picture of {images.Width} × {images.Height} is smaller than the kernel.", nameof(images));
        }

        var target = new FeatureMap(images.Count, height, width, Outputs);
        Run(images, target, 0, slope);
        return target;
    }

    /// <summary>Refuses maps that do not have the channels.</summary>
    protected static void RequireChannels(FeatureMap images, int from, int count)
    {
        if (from + count > images.Channels)
        {
            throw new ArgumentException($"The kernels are for {count} channels from {from} on; there are {images.Channels}.", nameof(images));
        }
    }
}

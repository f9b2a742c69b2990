namespace Grainy.Core.Convolutions;

/// <summary>Neighbouring outputs of a convolution in all channels.</summary>
internal static unsafe class LineProducts
{
    /// <summary>Convolves, adds the bias and rectifies. The last six outputs may overlap those before, which gives the same values once more.</summary>
    /// <param name="left">First number under the kernel of the first output.</param>
    /// <param name="leftStep">Numbers between neighbouring outputs.</param>
    /// <param name="window">What lies under a kernel.</param>
    /// <param name="kernels"><c>[channels / 16, lines · length, 16]</c>.</param>
    /// <param name="bias">One for each channel.</param>
    /// <param name="channels">A multiple of sixteen.</param>
    /// <param name="slope">Of the leaky rectifier, in [0, 1].</param>
    /// <param name="target">Of the first output.</param>
    /// <param name="step">Numbers between neighbouring outputs.</param>
    /// <param name="count">Outputs.</param>
    public static void Run(
        float* left, nint leftStep, Products.Window window, float* kernels, float* bias, int channels, float slope, float* target, nint step, int count)
    {
        var size = window.Lines * window.Length * Products.Channels;
        for (var channel = 0; channel < channels; channel += Products.Channels, kernels += size, bias += Products.Channels)
        {
            var to = target + channel;
            if (count < Products.Rows)
            {
                for (var one = 0; one < count; one++)
                {
                    Products.ConvolveOne(left + (one * leftStep), window, kernels, bias, slope, to + (one * step));
                }

                continue;
            }

            for (var at = 0; at < count; at += Products.Rows)
            {
                var first = Math.Min(at, count - Products.Rows);
                Products.Convolve(left + (first * leftStep), leftStep, window, kernels, bias, slope, to + (first * step), step);
            }
        }
    }
}

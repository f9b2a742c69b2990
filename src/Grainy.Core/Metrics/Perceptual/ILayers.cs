namespace Grainy.Core.Metrics.Perceptual;

/// <summary>What networks are made of. Arguments are borrowed, the caller owns the results.</summary>
/// <typeparam name="T">What features are held in.</typeparam>
internal interface ILayers<T>
    where T : class, IDisposable
{
    /// <summary>Dropout, where there is any, convolution and rectifier.</summary>
    /// <param name="name">Of kernels and biases.</param>
    /// <param name="images">What to convolve.</param>
    /// <param name="stride">Pixels between neighbouring outputs.</param>
    /// <param name="padding">Zeros on each side.</param>
    /// <param name="rectify">False leaves the rectifier out.</param>
    T Convolve(string name, T images, int stride = 1, int padding = 0, bool rectify = true);

    /// <summary>Two convolutions of the same images, 1 × 1 and 3 × 3 with padding, their channels joined; each has its own dropout.</summary>
    T Expand(string narrow, string wide, T images);

    /// <summary>Maxima, or means, of windows without padding. With <paramref name="ceiling"/>, windows that reach over the far border count too.</summary>
    T Pool(T images, int side, int stride, bool ceiling = false, bool average = false);
}

using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Denoising;

/// <summary>Denoises images with a trained model, tile by tile.</summary>
public static class Denoiser
{
    /// <summary>The smallest width and height that are accepted, in pixels.</summary>
    public const int SmallestSide = 16;

    private const int TileSide = 256;
    private const int Overlap = 64;

    /// <summary>
    /// Denoises one image on the calling thread, which must be a device's own. Each step of the result is one tile (about a third of a second on two cores for the
    /// compact network); no tensor lives between steps.
    /// </summary>
    /// <param name="model">What to denoise with. An RGB model takes a grey image as three equal channels; a grey model takes the channels of an RGB image one
    /// by one.</param>
    /// <param name="image">At least 16 × 16 pixels; any larger size.</param>
    /// <param name="sigma">Standard deviation of the noise on the image's own scale; null: estimated from the image.</param>
    /// <exception cref="ArgumentException">Too small, or σ is not a positive number: one sentence for people.</exception>
    public static IEnumerable<DenoiseUpdate> Run(DenoiserModel model, ImageBuffer image, double? sigma, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(image);
        if (image.Width < SmallestSide || image.Height < SmallestSide)
        {
            throw new ArgumentException(
                $"An image of {image.Width} × {image.Height} pixels is too small to denoise; {SmallestSide} × {SmallestSide} is the least.", nameof(image));
        }

        if (sigma is { } given && !(given > 0 && double.IsFinite(given)))
        {
            throw new ArgumentException(
                $"A noise of σ = {given} makes no sense; give a positive number on the scale of the image, or none to estimate it.", nameof(sigma));
        }

        return Tiles(model, image, sigma ?? EstimateSigma(model, image), cancellationToken);
    }

    private static double EstimateSigma(DenoiserModel model, ImageBuffer image) => NoiseEstimator.TryEstimate(image)?.Sigma is > 0 and var estimate
        ? Math.Max(estimate, 1e-4 * model.RangeFor(image).Scale)
        : (model.Settings.LowestSigma + model.Settings.HighestSigma) / 2;

    private static IEnumerable<DenoiseUpdate> Tiles(DenoiserModel model, ImageBuffer image, double sigma, CancellationToken cancellationToken)
    {
        var range = model.RangeFor(image);
        var planes = model.Settings.Channels == image.Channels ? [image] : Adapt(image, model.Settings.Channels);
        using var tiles = TileDenoisers.Open(model, sigma / range.Scale);
        var canvases = planes.Select(plane => new TileCanvas(range.ToNetwork(plane), tiles.Stride, TileSide, Overlap)).ToArray();
        var total = canvases.Sum(canvas => canvas.Count);
        var done = 0;
        foreach (var canvas in canvases)
        {
            for (var index = 0; index < canvas.Count; index++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                canvas.Blend(index, tiles.Denoise(canvas.Cut(index)));
                if (++done < total)
                {
                    yield return new DenoiseUpdate(done, total, sigma, null);
                }
            }
        }

        var result = range.FromNetwork(Restore([.. canvases.Select(canvas => canvas.Result())], image.Channels));
        yield return new DenoiseUpdate(total, total, sigma, result);
    }

    private static ImageBuffer[] Adapt(ImageBuffer image, int channels) => channels == 3
        ? [new ImageBuffer(3, image.Height, image.Width, [.. image.Planes, .. image.Planes, .. image.Planes])]
        : [.. Enumerable.Range(0, image.Channels).Select(channel => new ImageBuffer(1, image.Height, image.Width, image.Plane(channel).ToArray()))];

    private static ImageBuffer Restore(ImageBuffer[] results, int channels)
    {
        var first = results[0];
        if (results.Length == channels && first.Channels == 1)
        {
            return new ImageBuffer(channels, first.Height, first.Width, [.. results.SelectMany(result => result.Planes)]);
        }

        if (first.Channels == channels)
        {
            return first;
        }

        var grey = new float[first.Width * first.Height];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = (first.Plane(0)[i] + first.Plane(1)[i] + first.Plane(2)[i]) / 3;
        }

        return new ImageBuffer(1, first.Height, first.Width, grey);
    }
}

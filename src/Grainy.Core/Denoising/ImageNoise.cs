using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Denoising;

/// <summary>Decides which noise a model assumes in an image.</summary>
internal static class ImageNoise
{
    private const int TileSide = 256;
    private const int MostTiles = 3; // along each side

    /// <summary>All parameters known, on the image's own scale.</summary>
    /// <param name="model">With its own idea of the noise.</param>
    /// <param name="image">The image or a fair sample of it, at least 16 × 16 pixels.</param>
    /// <param name="range">The scale on which the network sees it.</param>
    /// <param name="given">Goes before everything else; null: nothing is given.</param>
    public static NoiseModel Of(DenoiserModel model, ImageBuffer image, IntensityRange range, NoiseModel? given)
    {
        if (given is { IsKnown: true })
        {
            return given;
        }

        var settings = model.Settings;
        return settings.NoiseSource switch
        {
            NoiseSources.LearnedPerImage => Learned(model, image, range),
            NoiseSources.Given or NoiseSources.Learned when settings.NoiseModel is { IsKnown: true } known => known,
            _ => new NoiseModel.Gaussian(EstimatedSigma(settings, image, range)),
        };
    }

    private static double EstimatedSigma(DenoiserSettings settings, ImageBuffer image, IntensityRange range) =>
        NoiseEstimator.TryEstimate(image)?.Sigma is >= 0 and var estimate
            ? Math.Max(estimate, 1e-5 * range.Scale)
            : (settings.LowestSigma + settings.HighestSigma) / 2;

    // The mean of what the model's estimator says of up to nine places.
    private static NoiseModel Learned(DenoiserModel model, ImageBuffer image, IntensityRange range)
    {
        var template = model.Settings.NoiseModel!.OnScale(range.Offset, range.Scale);
        using var tiles = new BlindSpotTiles(model, new NoiseModel.Gaussian(1));
        var estimates = ChannelFit.Split(range.ToNetwork(image), model.Settings.Channels).SelectMany(Squares).Select(tiles.Estimate).ToArray();
        double[] mean = [.. Enumerable.Range(0, estimates[0].Length).Select(index => estimates.Average(estimate => estimate[index]))];
        return NoiseParameters.Read(template, mean).OnScale(-range.Offset / range.Scale, 1 / range.Scale);

        IEnumerable<ImageBuffer> Squares(ImageBuffer part)
        {
            var band = new TileBand(part.Width, part.Height, part.Channels, tiles.Stride, TileSide, overlap: 0);
            var rows = new MemoryRows(part);
            for (var row = 0; row < Math.Min(band.Rows, MostTiles); row++)
            {
                var (top, count) = band.Span(row * band.Rows / Math.Min(band.Rows, MostTiles));
                var cut = rows.Read(top, count);
                for (var column = 0; column < Math.Min(band.Columns, MostTiles); column++)
                {
                    yield return band.Cut(cut, row * band.Rows / Math.Min(band.Rows, MostTiles), column * band.Columns / Math.Min(band.Columns, MostTiles));
                }
            }
        }
    }
}

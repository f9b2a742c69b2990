using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Denoising;

/// <summary>Denoises images with a trained model, tile by tile.</summary>
public static class Denoiser
{
    /// <summary>The smallest width and height that are accepted, in pixels.</summary>
    public const int SmallestSide = 16;

    private const int Overlap = 64;

    // Of the image's range: a twentieth of the smallest step of 8 bits.
    private const double LeastVisible = 0.05 / 255;

    /// <summary>As the other overload, with Gaussian noise.</summary>
    /// <param name="model">What to denoise with.</param>
    /// <param name="image">At least 16 × 16 pixels; any larger size.</param>
    /// <param name="sigma">Standard deviation of the noise on the image's own scale; null: as the model was trained, or estimated from the image.</param>
    /// <param name="cancellationToken">Looked at between tiles.</param>
    /// <exception cref="ArgumentException">Too small, or σ is not a positive number: one sentence for people.</exception>
    public static IEnumerable<DenoiseUpdate> Run(DenoiserModel model, ImageBuffer image, double? sigma, CancellationToken cancellationToken)
    {
        if (sigma is { } given && !(given > 0 && double.IsFinite(given)))
        {
            throw new ArgumentException(
                $"A noise of σ = {given} makes no sense; give a positive number on the scale of the image, or none to estimate it.", nameof(sigma));
        }

        return Run(model, image, new DenoiseOptions { Noise = sigma is null ? null : new NoiseModel.Gaussian(sigma) }, cancellationToken);
    }

    /// <summary>
    /// Denoises one image on the calling thread, which must be a device's own. Each step of the result is one tile (about half a second on two cores for the
    /// built-in network); no tensor lives between steps but the network's weights.
    /// </summary>
    /// <param name="model">What to denoise with. An RGB model takes a grey image as three equal channels; a grey model takes the channels of an RGB image one
    /// by one.</param>
    /// <param name="image">At least 16 × 16 pixels; any larger size.</param>
    /// <param name="options">Noise and what to give.</param>
    /// <param name="cancellationToken">Looked at between tiles.</param>
    /// <exception cref="ArgumentException">Too small, a noise that makes no sense, or doubt asked of a model that has none: one sentence for people.</exception>
    public static IEnumerable<DenoiseUpdate> Run(DenoiserModel model, ImageBuffer image, DenoiseOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        Check(model, image.Width, image.Height, options);
        return InMemory();

        IEnumerable<DenoiseUpdate> InMemory()
        {
            var sink = new MemorySink(image.Channels, image.Height, image.Width);
            foreach (var update in Rows(model, new MemoryRows(image), sink, image, options, cancellationToken))
            {
                yield return update.TilesDone < update.Tiles ? update : update with { Result = sink.Image, Uncertainty = sink.Deviation };
            }
        }
    }

    /// <summary>Refuses what cannot be denoised, in one sentence.</summary>
    internal static void Check(DenoiserModel model, int width, int height, DenoiseOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        _ = options.Noise?.Validated();
        if (width < SmallestSide || height < SmallestSide)
        {
            throw new ArgumentException($"An image of {width} × {height} pixels is too small to denoise; {SmallestSide} × {SmallestSide} is the least.");
        }

        if (!OrientedTiles.Counts.Contains(options.Orientations))
        {
            throw new ArgumentException($"{options.Orientations} orientations cannot be averaged; choose 1, 2, 4 or 8.");
        }

        if (options.Uncertainty && !TileDenoisers.KnowsDoubt(model.Settings))
        {
            throw new ArgumentException("This model cannot tell how sure it is; a blind-spot model that predicts variances can.");
        }
    }

    /// <summary>Denoises from a source to a sink, holding a band of rows of each. The sink has all rows when the last update comes.</summary>
    /// <param name="model">What to denoise with.</param>
    /// <param name="source">Already checked.</param>
    /// <param name="sink">Takes the rows as they are done.</param>
    /// <param name="sample">The image or a fair sample of it, for its range and noise.</param>
    /// <param name="options">Noise and what to give.</param>
    /// <param name="cancellationToken">Looked at between tiles.</param>
    internal static IEnumerable<DenoiseUpdate> Rows(
        DenoiserModel model, IRowSource source, IRowSink sink, ImageBuffer sample, DenoiseOptions options, CancellationToken cancellationToken)
    {
        var range = model.RangeFor(sample);
        var noise = ImageNoise.Of(model, sample, range, options.Noise);
        var sigma = Math.Sqrt(noise.VarianceAt(sample.Planes.Average(value => (double)value)) ?? 0);
        var none = options.Noise is null && model.Settings.Network == NetworkKinds.BlindSpot && sigma < LeastVisible * range.Scale;
        var assumed = noise.OnScale(range.Offset, range.Scale);
        var inColours = source.Channels == 1 && model.Settings is { Network: NetworkKinds.BlindSpot, Channels: 3 } ? GreyAsColour.Of(assumed) : null;
        var colours = inColours is null ? null : new GreyAsColour(assumed);
        using var tiles = TileDenoisers.Open(model, inColours ?? assumed, options.Orientations);
        var parts = source.Channels == 3 && model.Settings.Channels == 1 ? 3 : 1;
        TileBand[] images = [.. Enumerable.Range(0, parts).Select(_ => Band())];
        TileBand[]? deviations = options.Uncertainty ? [.. Enumerable.Range(0, parts).Select(_ => Band())] : null;
        var (done, total) = (0, parts * images[0].Rows * images[0].Columns);
        for (var row = 0; row < images[0].Rows; row++)
        {
            var (top, count) = images[0].Span(row);
            var rows = range.ToNetwork(source.Read(top, count));
            var band = ChannelFit.Split(colours?.Rows(rows, top) ?? rows, model.Settings.Channels);
            for (var place = 0; place < parts * images[0].Columns; place++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (part, column) = (place / images[0].Columns, place % images[0].Columns);
                var tile = tiles.Denoise(images[part].Cut(band[part], row, column), options.Uncertainty);
                images[part].Blend(tile.Image, row, column);
                deviations?[part].Blend(tile.Deviation!, row, column);
                if (++done < total && place + 1 < parts * images[0].Columns)
                {
                    yield return new DenoiseUpdate(done, total, sigma, null) { Noise = noise, FoundNoNoise = none };
                }
            }

            sink.Write(
                range.FromNetwork(Joined(images, row)), deviations is null ? null : new IntensityRange(0, range.Scale).FromNetwork(Joined(deviations, row)));
            yield return new DenoiseUpdate(done, total, sigma, null) { Noise = noise, FoundNoNoise = none };
        }

        TileBand Band() => new(source.Width, source.Height, model.Settings.Channels, tiles.Stride, tiles.LargestSide, Overlap);

        ImageBuffer Joined(TileBand[] bands, int row) => ChannelFit.Join([.. bands.Select(part => part.Finish(row))], source.Channels);
    }
}

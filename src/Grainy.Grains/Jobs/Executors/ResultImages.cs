using Grainy.Contracts.Datasets;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Grains.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Puts computed images into datasets, as full-precision files.</summary>
internal sealed class ResultImages(ImageBlobs blobs, IGrainFactory grains, TimeProvider clock)
{
    /// <summary>An image that an earlier attempt added, or null.</summary>
    public async Task<ImageInfo?> FindAsync(DatasetId dataset, ImageId image)
    {
        try
        {
            return await grains.Dataset(dataset).GetImageAsync(image);
        }
        catch (RefusedException refused) when (refused.Reason == Refusal.NotFound)
        {
            return null;
        }
    }

    /// <summary>The pixels of an image's clean version, or null where it has none (any more).</summary>
    public async Task<ImageBuffer?> FindReferenceAsync(DatasetId dataset, ImageInfo image, CancellationToken cancellationToken) =>
        image.Reference is { } reference && await FindAsync(dataset, reference) is { } info ? await blobs.LoadAsync(info.Pixels, cancellationToken) : null;

    /// <summary>Adds an image computed from <paramref name="parent"/>, shown with the parent's range of values, so that both can be compared by eye.</summary>
    public async Task<ImageInfo> AddDerivedAsync(
        DatasetId dataset, ImageId id, string what, string recipe, ImageInfo parent, ImageBuffer pixels, CancellationToken cancellationToken)
    {
        var file = await blobs.SaveFileAsync(pixels, OutputFormat.Tiff32F, cancellationToken);
        var planes = await blobs.SavePixelsAsync(pixels, cancellationToken);
        var sigma = await Task.Run(() => NoiseEstimator.TryEstimate(pixels)?.Sigma, cancellationToken);
        return await grains.Dataset(dataset).AddImageAsync(new ImageInfo
        {
            Id = id,
            Name = Names.Shortened($"{Path.GetFileNameWithoutExtension(parent.Name)} {what}", 190) + ImageWriter.Extension(OutputFormat.Tiff32F),
            Original = file,
            Pixels = planes,
            Width = pixels.Width,
            Height = pixels.Height,
            Channels = pixels.Channels,
            BitDepth = 32,
            IsFloat = true,
            Format = "TIFF",
            NoiseSigma = sigma,
            DisplayBlack = parent.DisplayBlack,
            DisplayWhite = parent.DisplayWhite,
            Parent = parent.Id,
            Recipe = recipe,
            Reference = parent.Reference,
            AddedAt = clock.GetUtcNow(),
        });
    }
}

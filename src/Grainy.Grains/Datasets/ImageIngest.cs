using System.Globalization;
using Grainy.Contracts.Datasets;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Grains.Images;

namespace Grainy.Grains.Datasets;

/// <summary>
/// Takes in image files: stores the original untouched, decodes it once, estimates its noise. Runs outside the grains; few files at a time, to bound memory.
/// </summary>
public sealed class ImageIngest(ImageBlobs blobs, IImageDecoder decoder, IGrainFactory grains, TimeProvider clock) : IDisposable
{
    /// <summary>Most pages of a stack that are taken as images.</summary>
    public const int MostPages = 500;

    private const int AtOnce = 2;
    private readonly SemaphoreSlim _places = new(AtOnce, AtOnce);

    /// <summary>Adds an uploaded file to a dataset for the subject of the call.</summary>
    /// <param name="name">File name as it was given; folders in it are dropped.</param>
    /// <exception cref="RefusedException">Not allowed, or not an image that can be taken: one sentence for the person who brought it.</exception>
    public async Task<ImageInfo> AddAsync(DatasetId dataset, string name, Stream content, CancellationToken cancellationToken)
    {
        await grains.Dataset(dataset).GetAsync(); // who may not even look gets no byte stored
        var image = await StoreAsync(ImageId.New(), FileName(name), content, cancellationToken);
        return await grains.Dataset(dataset).AddImageAsync(image);
    }

    /// <summary>Stores a file and says what is in it; no dataset knows of it yet.</summary>
    /// <exception cref="RefusedException">Not an image that can be taken.</exception>
    public async Task<ImageInfo> StoreAsync(ImageId id, string name, Stream content, CancellationToken cancellationToken)
    {
        var stored = await blobs.SaveAsync(content, "application/octet-stream", cancellationToken);
        return (await PageAsync(id, name, stored, 0, cancellationToken)).Image;
    }

    /// <summary>Stores a file and says what is in it: one image, or each page of a stack as one.</summary>
    /// <exception cref="RefusedException">Not an image that can be taken, or a page of it is none.</exception>
    public async Task<IReadOnlyList<ImageInfo>> StorePagesAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        var stored = await blobs.SaveAsync(content, "application/octet-stream", cancellationToken);
        var (first, pages) = await PageAsync(ImageId.New(), name, stored, 0, cancellationToken);
        if (pages == 1)
        {
            return [first];
        }

        if (pages > MostPages)
        {
            throw new RefusedException(Refusal.Invalid, $"The stack has {pages:N0} pages, and {MostPages} are taken at most; split it, or work on it with the command line, which takes any number.");
        }

        var images = new List<ImageInfo> { first with { Name = PageName(name, 0, pages) } };
        for (var page = 1; page < pages; page++)
        {
            var image = (await PageAsync(ImageId.New(), PageName(name, page, pages), stored, page, cancellationToken)).Image;
            if ((image.Width, image.Height, image.Channels) != (first.Width, first.Height, first.Channels))
            {
                return [first]; // a thumbnail or a smaller copy for zooming: no stack
            }

            images.Add(image);
        }

        return images;
    }

    /// <inheritdoc />
    public void Dispose() => _places.Dispose();

    private async Task<(ImageInfo Image, int Pages)> PageAsync(ImageId id, string name, BlobRef stored, int page, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            var decoded = await DecodeAsync(stored, page, cancellationToken);
            return (await DescribeAsync(id, name, stored, decoded, cancellationToken), decoded.Facts.Format == "TIFF" ? decoded.Facts.Pages : 1);
        }
        catch (ImageFormatException problem)
        {
            throw new RefusedException(Refusal.Invalid, problem.Message);
        }
        finally
        {
            _places.Release();
        }
    }

    // With as many digits in each, so that pages stand in their order.
    private static string PageName(string name, int page, int pages)
    {
        var number = (page + 1).ToString($"D{pages.ToString(CultureInfo.InvariantCulture).Length}", CultureInfo.InvariantCulture);
        return $"{Names.Shortened(Path.GetFileNameWithoutExtension(name), 180)} page {number}{Path.GetExtension(name)}";
    }

    private async Task<DecodedImage> DecodeAsync(BlobRef original, int page, CancellationToken cancellationToken)
    {
        await using var file = await blobs.OpenAsync(original, cancellationToken);
        return await decoder.DecodeAsync(file, page, cancellationToken);
    }

    private async Task<ImageInfo> DescribeAsync(ImageId id, string name, BlobRef original, DecodedImage decoded, CancellationToken cancellationToken)
    {
        var (image, facts) = decoded;
        var pixels = await blobs.SavePixelsAsync(image, cancellationToken);
        var (sigma, (black, white)) = await Task.Run(() => (NoiseEstimator.TryEstimate(image)?.Sigma, DisplayRange.Of(image, facts)), cancellationToken);
        return new ImageInfo
        {
            Id = id,
            Name = name,
            Original = original with { MediaType = MediaTypeOf(facts.Format) },
            Pixels = pixels,
            Width = image.Width,
            Height = image.Height,
            Channels = image.Channels,
            BitDepth = facts.BitDepth,
            IsFloat = facts.IsFloat,
            Format = facts.Note is null ? facts.Format : $"{facts.Format}, {facts.Note}",
            NoiseSigma = sigma is { } value && double.IsFinite(value) ? value : null,
            DisplayBlack = black,
            DisplayWhite = white,
            AddedAt = clock.GetUtcNow(),
        };
    }

    private static string FileName(string name)
    {
        var plain = new string([.. name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Where(symbol => !char.IsControl(symbol))]).Trim();
        return plain.Length == 0 ? "unnamed" : Names.Shortened(plain, 200);
    }

    private static string MediaTypeOf(string format) => format.ToUpperInvariant() switch
    {
        "PNG" => "image/png",
        "JPEG" => "image/jpeg",
        "TIFF" => "image/tiff",
        "WEBP" => "image/webp",
        "GIF" => "image/gif",
        _ => "application/octet-stream",
    };
}

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
        await _places.WaitAsync(cancellationToken);
        try
        {
            var decoded = await DecodeAsync(stored, cancellationToken);
            return await DescribeAsync(id, name, stored, decoded, cancellationToken);
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

    /// <inheritdoc />
    public void Dispose() => _places.Dispose();

    private async Task<DecodedImage> DecodeAsync(BlobRef original, CancellationToken cancellationToken)
    {
        await using var file = await blobs.OpenAsync(original, cancellationToken);
        return await decoder.DecodeAsync(file, cancellationToken);
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

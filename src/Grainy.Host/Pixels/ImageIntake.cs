using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Storage;
using Grainy.Host.Startup;

namespace Grainy.Host.Pixels;

/// <summary>From a stored file to an image: decoded once to float planes, with what was read from it.</summary>
internal sealed class ImageIntake(IImageDecoder decoder, IBlobStore blobs, DataFolder data, TimeProvider clock)
{
    /// <exception cref="ImageFormatException">Not an image that can be taken; the message is for the person who brought it.</exception>
    public async Task<ImageInfo> ReadAsync(StoredBlob original, string name, CancellationToken cancellationToken)
    {
        await using var file = await blobs.OpenAsync(original.Id, cancellationToken);
        var (image, facts) = await decoder.DecodeAsync(file, cancellationToken);
        var pixels = await StoreAsync(image, cancellationToken);
        var (black, white) = await Task.Run(() => DisplayRange.Of(image, facts), cancellationToken);
        return new ImageInfo
        {
            Id = ImageId.New(),
            Name = name,
            Original = new BlobRef(original.Id.Value, original.Length, $"image/{facts.Format.ToLowerInvariant()}"),
            Pixels = pixels,
            Width = image.Width,
            Height = image.Height,
            Channels = image.Channels,
            BitDepth = facts.BitDepth,
            IsFloat = facts.IsFloat,
            Format = facts.Note is null ? facts.Format : $"{facts.Format}, {facts.Note}",
            NoiseSigma = await Task.Run(() => NoiseEstimator.TryEstimate(image)?.Sigma, cancellationToken),
            DisplayBlack = black,
            DisplayWhite = white,
            AddedAt = clock.GetUtcNow(),
        };
    }

    private async Task<BlobRef> StoreAsync(ImageBuffer image, CancellationToken cancellationToken)
    {
        var path = Path.Combine(data.Cache, $"planes-{Guid.NewGuid():n}.npy");
        await using var planes = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await Task.Run(() => Npy.Write(image, planes), cancellationToken);
        planes.Position = 0;
        var stored = await blobs.WriteAsync(planes, cancellationToken);
        return new BlobRef(stored.Id.Value, stored.Length, "application/x-npy");
    }
}

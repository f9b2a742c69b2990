using Grainy.Core.Images;
using Grainy.Core.Storage;

namespace Grainy.Grains.Images;

/// <summary>Pixels in and out of the blob store. All work runs on the pool, never on a grain's scheduler or a device's thread.</summary>
public sealed class ImageBlobs(IBlobStore blobs)
{
    /// <summary>Media type of float planes.</summary>
    public const string PixelsType = "application/x-npy";

    /// <summary>Loads float planes.</summary>
    public Task<ImageBuffer> LoadAsync(BlobRef pixels, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            await using var stream = await blobs.OpenAsync(new BlobId(pixels.Sha256), cancellationToken);
            return Npy.Read(stream);
        },
        cancellationToken);

    /// <summary>Loads a whole content.</summary>
    public async Task<byte[]> LoadBytesAsync(BlobRef blob, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenAsync(new BlobId(blob.Sha256), cancellationToken);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>Stores float planes.</summary>
    public Task<BlobRef> SavePixelsAsync(ImageBuffer image, CancellationToken cancellationToken) =>
        SaveAsync(stream => Npy.Write(image, stream), PixelsType, cancellationToken);

    /// <summary>Stores an image as a file.</summary>
    public Task<BlobRef> SaveFileAsync(ImageBuffer image, OutputFormat format, CancellationToken cancellationToken) =>
        SaveAsync(stream => ImageWriter.Write(image, stream, format), ImageWriter.MediaType(format), cancellationToken);

    /// <summary>Stores an 8-bit picture for looking at.</summary>
    public Task<BlobRef> SavePictureAsync(ImageBuffer image, int maxSide, double black, double white, CancellationToken cancellationToken) => SaveAsync(
        stream => stream.Write(Preview.RenderPng(image, maxSide, black, white)), ImageWriter.MediaType(OutputFormat.Png8), cancellationToken);

    /// <summary>Stores bytes that <paramref name="write"/> makes.</summary>
    public Task<BlobRef> SaveAsync(Action<Stream> write, string mediaType, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            using var content = new MemoryStream();
            write(content);
            content.Position = 0;
            return await SaveAsync(content, mediaType, cancellationToken);
        },
        cancellationToken);

    /// <summary>Stores a stream to its end.</summary>
    public async Task<BlobRef> SaveAsync(Stream content, string mediaType, CancellationToken cancellationToken)
    {
        var stored = await blobs.WriteAsync(content, cancellationToken);
        return new BlobRef(stored.Id.Value, stored.Length, mediaType);
    }

    /// <summary>Opens a content for reading.</summary>
    public Task<Stream> OpenAsync(BlobRef blob, CancellationToken cancellationToken) => blobs.OpenAsync(new BlobId(blob.Sha256), cancellationToken);
}

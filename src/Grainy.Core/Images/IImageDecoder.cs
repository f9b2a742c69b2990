namespace Grainy.Core.Images;

/// <summary>Decodes files of strangers. A server puts a process border here, so that a crash or hang of a native decoder costs one file, not the server.</summary>
public interface IImageDecoder
{
    /// <summary>Decodes one page of a file; <see cref="ImageFacts.Pages"/> says how many there are.</summary>
    /// <param name="file">Can seek; stays open.</param>
    /// <param name="page">0 for the first; other formats than TIFF have no other.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ImageFormatException">Not an image that can be taken; the message says why and what to do.</exception>
    Task<DecodedImage> DecodeAsync(Stream file, int page, CancellationToken cancellationToken);
}

/// <summary>Decodes in this process.</summary>
public sealed class InProcessDecoder : IImageDecoder
{
    /// <inheritdoc />
    public async Task<DecodedImage> DecodeAsync(Stream file, int page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file is FileStream onDisk)
        {
            return await Task.Run(() => ImageReader.ReadPage(onDisk.Name, page), cancellationToken);
        }

        using var copy = new MemoryStream();
        file.Position = 0;
        await file.CopyToAsync(copy, cancellationToken);
        return await Task.Run(() => ImageReader.ReadPage(copy.ToArray(), page), cancellationToken);
    }
}

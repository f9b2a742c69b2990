namespace Grainy.Core.Storage;

/// <summary>SHA-256 of some bytes, as 64 lower-case hexadecimal digits: a content is stored once and never changes.</summary>
public readonly record struct BlobId
{
    /// <summary>Checks and takes a hash.</summary>
    /// <exception cref="FormatException">Not 64 lower-case hexadecimal digits.</exception>
    public BlobId(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length != 64 || value.Any(digit => !char.IsAsciiHexDigitLower(digit)))
        {
            throw new FormatException($"'{value}' is not a SHA-256 in lower-case hexadecimal digits.");
        }

        Value = value;
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Value { get; }

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>A stored content.</summary>
public readonly record struct StoredBlob(BlobId Id, long Length);

/// <summary>Content-addressed bytes. A write is durable when it returns: temporary file, fsync, rename.</summary>
public interface IBlobStore
{
    /// <summary>Stores a content; storing it again changes nothing but its time stamp.</summary>
    /// <param name="content">Read to its end.</param>
    Task<StoredBlob> WriteAsync(Stream content, CancellationToken cancellationToken);

    /// <summary>Opens a content for reading; it can seek. The caller disposes it.</summary>
    /// <exception cref="FileNotFoundException">There is no such content.</exception>
    Task<Stream> OpenAsync(BlobId id, CancellationToken cancellationToken);

    /// <summary>True when the content is there.</summary>
    Task<bool> ExistsAsync(BlobId id, CancellationToken cancellationToken);
}

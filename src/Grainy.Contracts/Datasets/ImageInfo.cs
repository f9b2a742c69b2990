namespace Grainy.Contracts.Datasets;

/// <summary>An image and what was read from it. Immutable: a change makes a new image that names its parent.</summary>
[GenerateSerializer, Immutable, Alias("grainy.image-info.v1")]
public sealed record ImageInfo
{
    /// <summary>The image.</summary>
    [Id(0)]
    public required ImageId Id { get; init; }

    /// <summary>File name as it was uploaded, or a given name.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>The bytes as they came, untouched; for derived images the full-precision file.</summary>
    [Id(2)]
    public required BlobRef Original { get; init; }

    /// <summary>Decoded float32 planes (NPY, C·H·W, little-endian).</summary>
    [Id(3)]
    public required BlobRef Pixels { get; init; }

    /// <summary>In pixels.</summary>
    [Id(4)]
    public required int Width { get; init; }

    /// <summary>In pixels.</summary>
    [Id(5)]
    public required int Height { get; init; }

    /// <summary>1 or 3 (alpha is dropped on reading).</summary>
    [Id(6)]
    public required int Channels { get; init; }

    /// <summary>Bits per sample of the file: 8, 16, 32 or 64.</summary>
    [Id(7)]
    public required int BitDepth { get; init; }

    /// <summary>True for floating-point samples.</summary>
    [Id(8)]
    public required bool IsFloat { get; init; }

    /// <summary>For example <c>PNG</c> or <c>TIFF</c>, and how it was read where that matters.</summary>
    [Id(9)]
    public required string Format { get; init; }

    /// <summary>Estimated standard deviation of the noise on the scale [0, 1]; null where the image is too small to tell.</summary>
    [Id(10)]
    public double? NoiseSigma { get; init; }

    /// <summary>The value shown as black in 8-bit previews, on the scale [0, 1].</summary>
    [Id(11)]
    public double DisplayBlack { get; init; }

    /// <summary>The value shown as white in 8-bit previews, on the scale [0, 1].</summary>
    [Id(12)]
    public double DisplayWhite { get; init; } = 1;

    /// <summary>The image from which this one was computed.</summary>
    [Id(13)]
    public ImageId? Parent { get; init; }

    /// <summary>How it was computed, in words.</summary>
    [Id(14)]
    public string? Recipe { get; init; }

    /// <summary>The clean version of the same scene, if there is one.</summary>
    [Id(15)]
    public ImageId? Reference { get; init; }

    /// <summary>When it was added.</summary>
    [Id(16)]
    public required DateTimeOffset AddedAt { get; init; }
}

/// <summary>An image by dataset and id.</summary>
[GenerateSerializer, Immutable, Alias("grainy.image-ref.v1")]
public sealed record ImageRef([property: Id(0)] DatasetId Dataset, [property: Id(1)] ImageId Image);

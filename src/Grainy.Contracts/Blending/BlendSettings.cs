namespace Grainy.Contracts.Blending;

/// <summary>How a blend is computed.</summary>
[GenerateSerializer, Immutable, Alias("grainy.blend-settings.v1")]
public sealed record BlendSettings
{
    /// <summary>Frames of a chain between two images including both ends, 3 to 33.</summary>
    [Id(0)]
    public int Frames { get; init; } = 9;

    /// <summary>Longer side of the frames in pixels, 64 to 2048.</summary>
    [Id(1)]
    public int Size { get; init; } = 256;

    /// <summary>Seed of the random transforms.</summary>
    [Id(2)]
    public long Seed { get; init; } = 1;

    /// <summary>Most optimisation steps per frame, 10 to 20,000. Fewer are taken where the energy no longer falls, except with <see cref="Reference"/>.</summary>
    [Id(3)]
    public int StepsPerFrame { get; init; } = 480;

    /// <summary>Name of the distance; null for the best one whose weights are installed.</summary>
    [Id(4)]
    public string? Metric { get; init; }

    /// <summary>What the frames between two images minimise.</summary>
    [Id(5)]
    public BlendPath Path { get; init; }

    /// <summary>True for the published procedure from noise, which takes many more steps; only along a chain.</summary>
    [Id(6)]
    public bool Reference { get; init; }

    /// <summary>Parts into which each edge between three or four images is divided: 2 to 6, for four images 2 to 4.</summary>
    [Id(7)]
    public int Divisions { get; init; } = 4;

    /// <summary>Where the frames of a chain between two images lie in the end; a geodesic spaces its frames by itself.</summary>
    [Id(8)]
    public FrameSpacing Spacing { get; init; }
}

/// <summary>Where the frames of a chain lie.</summary>
[GenerateSerializer, Alias("grainy.frame-spacing")]
public enum FrameSpacing
{
    /// <summary>At equal steps of the weight.</summary>
    Weights = 0,

    /// <summary>Moved along the chain until neighbours are about equally far apart in the metric; only between two images, and not with the published procedure.</summary>
    Even = 1,
}

/// <summary>What the frames between two images minimise together.</summary>
[GenerateSerializer, Alias("grainy.blend-path")]
public enum BlendPath
{
    /// <summary>Each frame its own sum of weighted squared distances to the images.</summary>
    Chain = 0,

    /// <summary>All together the sum of squared distances between neighbours.</summary>
    Geodesic = 1,
}

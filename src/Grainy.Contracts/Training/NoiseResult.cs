using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;

namespace Grainy.Contracts.Training;

/// <summary>What is known of the noise of some images, and how to train on them. All numbers on the scale [0, 1] of the images.</summary>
[GenerateSerializer, Immutable, Alias("grainy.noise-result.v1")]
public sealed record NoiseResult : JobResult
{
    /// <summary>Whether to train.</summary>
    [Id(0)]
    public NoiseAdvice Advice { get; init; }

    /// <summary>The proposed method, a value of <see cref="TrainSpec.Method"/>.</summary>
    [Id(1)]
    public string Method { get; init; } = "blind-spot";

    /// <summary>The noise with its measured parameters; null where no model describes it.</summary>
    [Id(2)]
    public NoiseChoice? Noise { get; init; }

    /// <summary>Size of the network, a value of <see cref="TrainSpec.Preset"/>.</summary>
    [Id(3)]
    public string Preset { get; init; } = "compact";

    /// <summary>Pixels around each pixel that a blind-spot network should not look at, because their noise is correlated.</summary>
    [Id(4)]
    public int Hole { get; init; }

    /// <summary>Shape of the mask, a value of <see cref="TrainSpec.MaskStructure"/>.</summary>
    [Id(5)]
    public string MaskStructure { get; init; } = "none";

    /// <summary>Why this method, in one sentence.</summary>
    [Id(6)]
    public string Reason { get; init; } = "";

    /// <summary>What a person should know first, the gravest first.</summary>
    [Id(7)]
    public NoiseRemark[] Warnings { get; init; } = [];

    /// <summary>What the measured images tell: all, or 16 evenly spaced ones of many.</summary>
    [Id(8)]
    public ImageFinding[] Images { get; init; } = [];

    /// <summary>What pairs of neighbouring exposures of one scene tell; empty where images stand alone.</summary>
    [Id(9)]
    public FrameFinding[] Frames { get; init; } = [];

    /// <summary>The number of the scene that each image shows, in the order of the images: neighbours that show the same share one; −1 where it cannot be trained on.</summary>
    [Id(10)]
    public int[] Scenes { get; init; } = [];

    /// <summary>Images that cannot be trained on, each with its reason and remedy.</summary>
    [Id(11)]
    public ImageProblem[] Problems { get; init; } = [];

    /// <summary>Variance against brightness of all measured images or exposures together, at most 24 points; empty where too little could be measured.</summary>
    [Id(12)]
    public VariancePoint[] Curve { get; init; } = [];
}

/// <summary>Whether training can be advised.</summary>
[GenerateSerializer, Alias("grainy.noise-advice")]
public enum NoiseAdvice
{
    /// <summary>The noise is understood and the method fits it.</summary>
    Go = 0,

    /// <summary>It can be done, but a warning says what may go wrong.</summary>
    Caution = 1,

    /// <summary>There is nothing to gain or nothing to learn from; a warning says what to do instead.</summary>
    Stop = 2,
}

/// <summary>Something to know, one sentence for people.</summary>
/// <param name="Code">For programs; never changes its meaning.</param>
[GenerateSerializer, Immutable, Alias("grainy.noise-remark.v1")]
public sealed record NoiseRemark([property: Id(0)] string Code, [property: Id(1)] string Text);

/// <summary>An image that cannot be trained on.</summary>
/// <param name="Text">Why, and what to do; one sentence.</param>
[GenerateSerializer, Immutable, Alias("grainy.image-problem.v1")]
public sealed record ImageProblem([property: Id(0)] ImageRef Image, [property: Id(1)] string Text);

/// <summary>One point of variance against brightness.</summary>
/// <param name="Mean">Mean signal.</param>
/// <param name="Variance">Variance of the noise there.</param>
[GenerateSerializer, Immutable, Alias("grainy.variance-point.v1")]
public readonly record struct VariancePoint([property: Id(0)] double Mean, [property: Id(1)] double Variance);

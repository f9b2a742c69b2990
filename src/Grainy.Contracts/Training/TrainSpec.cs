using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;

namespace Grainy.Contracts.Training;

/// <summary>Trains a denoiser on noisy images alone, or on pairs, then denoises those images with it.</summary>
[GenerateSerializer, Immutable, Alias("grainy.train-spec.v1")]
public sealed record TrainSpec : JobSpec
{
    /// <summary>The model that the training makes.</summary>
    [Id(0)]
    public required ModelId Model { get; init; }

    /// <summary>Noisy images, all with the same number of channels.</summary>
    [Id(1)]
    public required ImageRef[] Images { get; init; }

    /// <summary>Standard deviation of the Gaussian noise on the scale [0, 1]; null: estimated from each image.</summary>
    [Id(2)]
    public double? NoiseSigma { get; init; }

    /// <summary>Compute time of the training in seconds, 5 to 86,400; the learning rate's schedule is stretched over it.</summary>
    [Id(3)]
    public double BudgetSeconds { get; init; } = 120;

    /// <summary>Seed of all random streams.</summary>
    [Id(4)]
    public long Seed { get; init; } = 1;

    /// <summary>Network of the built-in denoiser, which a training that starts from it has whatever <see cref="Preset"/> says.</summary>
    public const string BuiltInPreset = "medium";

    /// <summary><c>compact</c> (24/48 channels), <c>medium</c> (24 to 96; blind-spot only) or <c>full</c> (48/96).</summary>
    [Id(5)]
    public string Preset { get; init; } = "compact";

    /// <summary>Start from the built-in denoiser's weights instead of random ones.</summary>
    [Id(6)]
    public bool StartFromBuiltIn { get; init; }

    /// <summary>
    /// How to learn: <c>blind-spot</c>, <c>noise2noise</c>, <c>noise2clean</c> (against each image's reference), <c>neighbor2neighbor</c>, <c>noise2void</c> or
    /// <c>zero-shot</c>.
    /// </summary>
    [Id(7)]
    public string Method { get; init; } = "blind-spot";

    /// <summary>For methods on pairs: the number of the scene that each image shows, in the order of the images; null: all show the same one.</summary>
    [Id(8)]
    public int[]? Scenes { get; init; }

    /// <summary>For methods on pairs: <c>l2</c>, <c>l1</c>, <c>l0</c>, <c>masked-l2</c> or <c>hdr</c>.</summary>
    [Id(9)]
    public string Loss { get; init; } = "l2";

    /// <summary>For methods on pairs: correct the measured shift and brightness of frames.</summary>
    [Id(10)]
    public bool Align { get; init; }

    /// <summary>For <c>noise2void</c>: what is hidden around a pixel: <c>none</c>, <c>horizontal</c>, <c>vertical</c>, <c>cross</c> or <c>square</c>.</summary>
    [Id(11)]
    public string MaskStructure { get; init; } = "none";

    /// <summary>
    /// For <c>blind-spot</c>: the noise that is assumed; null: Gaussian, of <see cref="NoiseSigma"/> or estimated from each image. Either this or <see cref="NoiseSigma"/>.
    /// </summary>
    [Id(12)]
    public NoiseChoice? Noise { get; init; }

    /// <summary>For <c>blind-spot</c>: pixels around each pixel that are hidden as well, 0 to 8, for noise that neighbours share.</summary>
    [Id(13)]
    public int Hole { get; init; }

    /// <summary>Side of the training crops in pixels, a multiple of 32 from 32 to 512.</summary>
    [Id(14)]
    public int CropSize { get; init; } = 64;

    /// <summary>Crops per optimiser step, 1 to 64.</summary>
    [Id(15)]
    public int BatchSize { get; init; } = 4;

    /// <summary>Number of optimiser steps in place of <see cref="BudgetSeconds"/>; null: the time counts. Only with it does a training repeat bit for bit.</summary>
    [Id(16)]
    public long? Steps { get; init; }

    /// <summary>How often the training was extended after its end; its results are other images each time. Set by the server.</summary>
    [Id(17)]
    public int Extensions { get; init; }

    /// <summary>
    /// For <c>blind-spot</c>: so many images, the last ones, are not learned from; the likelihood of their noisy pixels tells whether it is worth going on. 0 to one fewer than
    /// images. They are denoised like the others.
    /// </summary>
    [Id(18)]
    public int HoldOut { get; init; }
}

/// <summary>The trained model and the images that it denoised.</summary>
/// <param name="Warnings">What was found about the frames, one sentence each: displaced, or of other brightness; null from before it was looked at.</param>
[GenerateSerializer, Immutable, Alias("grainy.train-result.v1")]
public sealed record TrainResult(
    [property: Id(0)] BlobRef Weights, [property: Id(1)] long Steps, [property: Id(2)] DenoisedImage[] Images, [property: Id(3)] string[]? Warnings = null) : JobResult
{
    /// <summary>Seconds that denoising took for each million pixels; null from before it was measured.</summary>
    [Id(4)]
    public double? SecondsPerMegapixel { get; init; }
}

/// <summary>One input and its output.</summary>
/// <param name="NoisyPsnr">Input against the reference in dB, where the input has one.</param>
/// <param name="DenoisedPsnr">Output against the reference in dB.</param>
[GenerateSerializer, Immutable, Alias("grainy.denoised-image.v1")]
public sealed record DenoisedImage(
    [property: Id(0)] ImageRef Noisy, [property: Id(1)] ImageRef Denoised, [property: Id(2)] double? NoisyPsnr, [property: Id(3)] double? DenoisedPsnr)
{
    /// <summary>Whether the result is to be trusted; null from before that was judged.</summary>
    [Id(4)]
    public TrustReport? Trust { get; init; }

    /// <summary>How far each pixel may be off; null for methods that cannot tell.</summary>
    [Id(5)]
    public DoubtMap? Doubt { get; init; }
}

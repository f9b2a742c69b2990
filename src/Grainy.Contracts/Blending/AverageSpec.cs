using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;

namespace Grainy.Contracts.Blending;

/// <summary>Averages exposures of one scene under a metric, which keeps their grain, and by pixels, which does not; adds both to the first image's dataset.</summary>
/// <param name="Images">2 to 24 exposures.</param>
[GenerateSerializer, Immutable, Alias("grainy.average-spec.v1")]
public sealed record AverageSpec([property: Id(0)] ImageRef[] Images, [property: Id(1)] AverageSettings Settings) : JobSpec
{
    /// <summary>Most exposures of one average.</summary>
    public const int MostImages = 24;
}

/// <summary>How an average is computed.</summary>
[GenerateSerializer, Immutable, Alias("grainy.average-settings.v1")]
public sealed record AverageSettings
{
    /// <summary>Longer side of the result in pixels, 64 to 2048; scaling down averages noise away.</summary>
    [Id(0)]
    public int Size { get; init; } = 512;

    /// <summary>Most optimisation steps, 10 to 20,000.</summary>
    [Id(1)]
    public int Steps { get; init; } = 240;

    /// <summary>Seed of the random transforms.</summary>
    [Id(2)]
    public long Seed { get; init; } = 1;

    /// <summary>Name of the distance; null for the best one whose weights are installed.</summary>
    [Id(3)]
    public string? Metric { get; init; }

    /// <summary>How exposures of different size or position are made to lie over each other.</summary>
    [Id(4)]
    public ImageFitting Fitting { get; init; }
}

/// <summary>An average under a metric beside the mean of pixels.</summary>
/// <param name="Average">Under the metric.</param>
/// <param name="Mean">Of the pixels.</param>
/// <param name="Metric">Name of the distance.</param>
/// <param name="FineKept">Variance in the upper half of the spectrum that the average keeps of the exposures'; 1 is all of it.</param>
/// <param name="FineKeptByMean">The same of the mean of pixels.</param>
/// <param name="OfExposure">Grain of the first exposure.</param>
/// <param name="OfAverage">Grain of the average.</param>
/// <param name="OfMean">Grain of the mean of pixels.</param>
/// <param name="FittingNote">What was done to make the exposures lie over each other, for people; null when they were taken as they are.</param>
[GenerateSerializer, Immutable, Alias("grainy.average-result.v1")]
public sealed record AverageResult(
    [property: Id(0)] ImageRef Average, [property: Id(1)] ImageRef Mean, [property: Id(2)] string Metric, [property: Id(3)] double FineKept,
    [property: Id(4)] double FineKeptByMean, [property: Id(5)] GrainSpectrum OfExposure, [property: Id(6)] GrainSpectrum OfAverage,
    [property: Id(7)] GrainSpectrum OfMean, [property: Id(8)] string? FittingNote) : JobResult;

/// <summary>How much an image varies, and at which frequencies.</summary>
/// <param name="Variance">Mean over the channels, of samples in [0, 1].</param>
/// <param name="FineVariance">The part of it from frequencies of at least a quarter of the sampling rate.</param>
/// <param name="Frequencies">Middle of each ring, in cycles per pixel.</param>
/// <param name="Power">Mean power density in each ring.</param>
[GenerateSerializer, Immutable, Alias("grainy.grain-spectrum.v1")]
public sealed record GrainSpectrum(
    [property: Id(0)] double Variance, [property: Id(1)] double FineVariance, [property: Id(2)] double[] Frequencies, [property: Id(3)] double[] Power);

using Grainy.Contracts.Datasets;

namespace Grainy.Contracts.Training;

/// <summary>What one image tells of its noise, on its scale [0, 1].</summary>
[GenerateSerializer, Immutable, Alias("grainy.image-finding.v1")]
public sealed record ImageFinding
{
    /// <summary>The image.</summary>
    [Id(0)]
    public required ImageRef Image { get; init; }

    /// <summary>Standard deviation of the noise over the whole image.</summary>
    [Id(1)]
    public double Sigma { get; init; }

    /// <summary>The standard deviation by three ways (high-pass, wavelet, patches), root mean square over channels; each errs upwards on texture.</summary>
    [Id(2)]
    public double[] Estimates { get; init; } = [];

    /// <summary>Variance = <c>Gain</c>·signal + <c>Floor</c>; null where it could not be told.</summary>
    [Id(3)]
    public VarianceFit? Variance { get; init; }

    /// <summary>The strongest correlation of neighbouring pixels' noise; null where there is none to measure.</summary>
    [Id(4)]
    public LagFinding? Lag { get; init; }

    /// <summary>True when that correlation matters.</summary>
    [Id(5)]
    public bool IsCorrelated { get; init; }

    /// <summary>Share of pixels that stand alone far outside of their neighbourhood; null where it could not be told.</summary>
    [Id(6)]
    public double? Impulses { get; init; }

    /// <summary>Share of samples that are exactly the lowest value.</summary>
    [Id(7)]
    public double ClippedLow { get; init; }

    /// <summary>Share of samples that are exactly the highest value.</summary>
    [Id(8)]
    public double ClippedHigh { get; init; }
}

/// <summary>The line Var(y) = Gain·E(y) + Floor.</summary>
/// <param name="Gain">Slope.</param>
/// <param name="GainError">Standard error of the slope.</param>
/// <param name="Floor">Intercept.</param>
/// <param name="FloorError">Standard error of the intercept.</param>
/// <param name="Scatter">Relative distance of the measurements from the line; above 0.25 the line does not describe the noise.</param>
/// <param name="BlackLevel">The signal at which no variance is left, where that lies above 0 beyond doubt: a black level that was not subtracted.</param>
[GenerateSerializer, Immutable, Alias("grainy.variance-fit.v1")]
public sealed record VarianceFit(
    [property: Id(0)] double Gain, [property: Id(1)] double GainError, [property: Id(2)] double Floor, [property: Id(3)] double FloorError, [property: Id(4)] double Scatter,
    [property: Id(5)] double? BlackLevel);

/// <summary>Correlation with the pixel some columns to the right and rows down.</summary>
[GenerateSerializer, Immutable, Alias("grainy.lag-finding.v1")]
public sealed record LagFinding([property: Id(0)] int Right, [property: Id(1)] int Down, [property: Id(2)] double Correlation);

/// <summary>What two exposures of one scene tell.</summary>
/// <param name="Sigma">Standard deviation of the noise, from their difference.</param>
/// <param name="ShiftX">Pixels by which the second lies further right; 0 where nothing tells of it.</param>
/// <param name="ShiftY">Pixels by which it lies further down.</param>
/// <param name="ShiftError">The larger of both standard errors; infinite where there is too little structure.</param>
/// <param name="IsShifted">True when the shift matters and is beyond chance.</param>
/// <param name="Drift">Change of the mean brightness, as a share of it.</param>
/// <param name="IsDrifted">True when that matters and is beyond chance.</param>
[GenerateSerializer, Immutable, Alias("grainy.frame-finding.v1")]
public sealed record FrameFinding(
    [property: Id(0)] ImageRef First, [property: Id(1)] ImageRef Second, [property: Id(2)] double Sigma, [property: Id(3)] double ShiftX, [property: Id(4)] double ShiftY,
    [property: Id(5)] double ShiftError, [property: Id(6)] bool IsShifted, [property: Id(7)] double Drift, [property: Id(8)] bool IsDrifted);

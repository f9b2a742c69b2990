using Grainy.Contracts.Datasets;

namespace Grainy.Contracts.Training;

/// <summary>Whether a denoised image is to be trusted, judged without a clean one by what was taken out. On the scale [0, 1] of the images.</summary>
[GenerateSerializer, Immutable, Alias("grainy.trust-report.v1")]
public sealed record TrustReport
{
    /// <summary>Mean of noisy minus denoised, in the channel where it is farthest from 0.</summary>
    [Id(0)]
    public double MeanShift { get; init; }

    /// <summary>Its standard error.</summary>
    [Id(1)]
    public double MeanShiftError { get; init; }

    /// <summary>Root mean square of what was taken out.</summary>
    [Id(2)]
    public double Sigma { get; init; }

    /// <summary>Standard deviation of the noise that was to be taken out; null where it is not known.</summary>
    [Id(3)]
    public double? ExpectedSigma { get; init; }

    /// <summary>The strongest correlation of neighbours in what was taken out; null where nothing was.</summary>
    [Id(4)]
    public LagFinding? Lag { get; init; }

    /// <summary>Correlation of what was taken out with the denoised image.</summary>
    [Id(5)]
    public double SignalCorrelation { get; init; }

    /// <summary>Correlation of what was taken out with the fine detail of the denoised image.</summary>
    [Id(6)]
    public double DetailCorrelation { get; init; }

    /// <summary>Standard error of both correlations.</summary>
    [Id(7)]
    public double CorrelationError { get; init; }

    /// <summary>Distance from the clean image that nobody has, by another exposure; null where there is none.</summary>
    [Id(8)]
    public SecondFrameScore? Second { get; init; }

    /// <summary>Reasons to distrust the result, the gravest first and at most four; empty where nothing speaks against it.</summary>
    [Id(9)]
    public NoiseRemark[] Remarks { get; init; } = [];
}

/// <summary>PSNR without a clean image, from another noisy exposure of the scene.</summary>
/// <param name="Frame">That exposure. The training has seen it among others, which flatters the value a little.</param>
/// <param name="Psnr">In dB, white being 1; infinite where the estimated error is not above 0.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="NoisyPsnr">The same of the noisy image.</param>
[GenerateSerializer, Immutable, Alias("grainy.second-frame-score.v1")]
public sealed record SecondFrameScore(
    [property: Id(0)] ImageRef Frame, [property: Id(1)] double Psnr, [property: Id(2)] double Low, [property: Id(3)] double High, [property: Id(4)] double NoisyPsnr);

/// <summary>How far each pixel may be off: the standard deviation of the error that the denoiser itself expects, root mean square over the channels.</summary>
/// <param name="Png">8-bit colours, at most 2048 pixels on the longer side; bright is unsure.</param>
/// <param name="Values">32-bit float TIFF with one channel, as large as the image, on its scale [0, 1].</param>
/// <param name="Brightest">The value from which on the picture shows the brightest colour: all but one pixel in a thousand are below.</param>
/// <param name="Largest">The largest value.</param>
/// <param name="Mean">The mean of all values.</param>
[GenerateSerializer, Immutable, Alias("grainy.doubt-map.v1")]
public sealed record DoubtMap(
    [property: Id(0)] BlobRef Png, [property: Id(1)] BlobRef Values, [property: Id(2)] double Brightest, [property: Id(3)] double Largest, [property: Id(4)] double Mean);

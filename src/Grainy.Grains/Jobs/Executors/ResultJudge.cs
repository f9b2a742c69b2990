using Grainy.Contracts.Datasets;
using Grainy.Contracts.Training;
using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Trust;
using Grainy.Grains.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Judges denoised images without clean ones, and stores where they may be off. Plain arithmetic on the pool.</summary>
internal sealed class ResultJudge(ImageBlobs blobs, NoiseMemory memory)
{
    /// <summary>What speaks for and against a result.</summary>
    /// <param name="settings">Of the model that denoised.</param>
    /// <param name="info">Of the noisy image.</param>
    /// <param name="noise">What was taken for the noise; null where the method assumes none.</param>
    /// <param name="among">Images of the training: the results of all of them go into one message.</param>
    /// <param name="second">Another exposure of the scene, where there is one.</param>
    public TrustReport Judge(
        DenoiserSettings settings, ImageInfo info, ImageBuffer noisy, ImageBuffer denoised, NoiseModel? noise, int among, (ImageRef Ref, ImageBuffer Pixels)? second)
    {
        var residual = ResidualAnalysis.Of(noisy, denoised, noise is { IsKnown: true } ? noise : null);
        var remarks = residual.Remarks.Concat(DomainCheck.Of(settings, memory.Of(info.Pixels.Sha256, noisy, info.Format.StartsWith("JPEG", StringComparison.OrdinalIgnoreCase))));
        return new TrustReport
        {
            MeanShift = residual.MeanShift,
            MeanShiftError = residual.MeanShiftError,
            Sigma = residual.Sigma,
            ExpectedSigma = residual.ExpectedSigma,
            Lag = residual.Autocorrelation is { } correlation ? NoiseFindings.Of(correlation.Strongest) : null,
            SignalCorrelation = residual.SignalCorrelation,
            DetailCorrelation = residual.DetailCorrelation,
            CorrelationError = residual.CorrelationError,
            Second = second is { } other && other.Pixels.HasSizeOf(noisy) ? Score(other.Ref, PairScore.Of(denoised, noisy, other.Pixels)) : null,
            Remarks = [.. remarks.Take(among <= 12 ? 4 : among <= 24 ? 2 : 1).Select(remark => new NoiseRemark(remark.Code, remark.Text))],
        };
    }

    /// <summary>Stores the expected error as a picture to look at and as values to keep.</summary>
    /// <param name="deviation">Standard deviation per sample and channel.</param>
    public async Task<DoubtMap> StoreAsync(ImageBuffer deviation, CancellationToken cancellationToken)
    {
        var (map, scale) = await Task.Run(
            () =>
            {
                var together = Together(deviation);
                return (together, MapScale.Of(together));
            },
            cancellationToken);
        var png = await blobs.SaveAsync(
            stream => stream.Write(Core.Metrics.Maps.ColourMap.RenderPng(MapScale.Reduced(map), scale.Brightest > 0 ? scale.Brightest : null)),
            ImageWriter.MediaType(OutputFormat.Png8), cancellationToken);
        return new DoubtMap(png, await blobs.SaveFileAsync(map, OutputFormat.Tiff32F, cancellationToken), scale.Brightest, scale.Largest, scale.Mean);
    }

    private static SecondFrameScore Score(ImageRef frame, PairScore score) => new(frame, score.Psnr, score.Interval.Low, score.Interval.High, score.NoisyPsnr);

    private static ImageBuffer Together(ImageBuffer deviation)
    {
        var size = deviation.Width * deviation.Height;
        var planes = new float[size];
        for (var i = 0; i < size; i++)
        {
            var sum = 0f;
            for (var channel = 0; channel < deviation.Channels; channel++)
            {
                var value = deviation.Planes[(channel * size) + i];
                sum += value * value;
            }

            planes[i] = MathF.Sqrt(sum / deviation.Channels);
        }

        return new ImageBuffer(1, deviation.Height, deviation.Width, planes);
    }
}

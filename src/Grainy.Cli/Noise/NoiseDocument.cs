using Grainy.Core.Noise;

namespace Grainy.Cli.Noise;

/// <summary>An analysis of noise for programs.</summary>
internal static class NoiseDocument
{
    public static object Of(
        int files,
        IReadOnlyList<(string Path, ImageNoise Noise)> measured,
        IReadOnlyList<(string First, string Second, FrameNoise Noise)> frames,
        IReadOnlyList<(string Path, string Error)> errors,
        NoiseProposal? proposal) => new
        {
            files,
            images = measured.Select(one => OfImage(one.Path, one.Noise)).Concat(errors.Select(bad => (object)new { file = bad.Path, bad.Error })),
            frames = frames.Select(pair => OfFrames(pair.First, pair.Second, pair.Noise)),
            proposal = proposal is null ? null : OfProposal(proposal),
        };

    private static object OfImage(string path, ImageNoise noise) => new
    {
        file = path,
        sigma = noise.OverallSigma,
        sigma8 = noise.OverallSigma * 255,
        channels = noise.Channels.Select(channel => new { channel.Best, channel.HighPass, channel.Wavelet, channel.Patches }),
        variance = OfCurve(noise.Curve),
        autocorrelation = OfCorrelation(noise.Autocorrelation),
        noise.Impulses,
        clipped = new { low = noise.Spread.AtLowest, high = noise.Spread.AtHighest },
        range = new { noise.Spread.Lowest, noise.Spread.Highest, noise.Spread.Mean, low = noise.Spread.Low, high = noise.Spread.High, noise.Spread.Step },
        noise.IsLossy,
    };

    private static object OfFrames(string first, string second, FrameNoise noise) => new
    {
        first,
        second,
        noise.Sigma,
        variance = OfCurve(noise.Curve),
        autocorrelation = OfCorrelation(noise.Autocorrelation),
        noise.IsOneScene,
        alignment = new
        {
            noise.Alignment.ShiftX,
            noise.Alignment.ShiftY,
            noise.Alignment.ShiftError,
            noise.Alignment.Gain,
            noise.Alignment.Drift,
            noise.Alignment.DriftError,
            noise.Alignment.Correlation,
            noise.Alignment.IsShifted,
            noise.Alignment.IsDrifted,
        },
    };

    private static object? OfCurve(VarianceCurve? curve) => curve is null ? null : new
    {
        curve.A,
        curve.AError,
        aInterval = new[] { curve.AInterval.Low, curve.AInterval.High },
        curve.B,
        curve.BError,
        bInterval = new[] { curve.BInterval.Low, curve.BInterval.High },
        curve.RSquared,
        curve.Scatter,
        curve.BlackLevel,
        curve.Bins,
    };

    private static object? OfCorrelation(Autocorrelation? noise) => noise is null ? null : new
    {
        noise.IsCorrelated,
        noise.HoleRadius,
        noise.Sigma,
        noise.ChannelCorrelation,
        noise.Samples,
        noise.Lags,
    };

    private static object OfProposal(NoiseProposal proposal) => new
    {
        verdict = proposal.Verdict.ToString().ToLowerInvariant(),
        proposal.Method,
        noise = proposal.Model,
        proposal.Preset,
        proposal.Hole,
        proposal.Structure,
        proposal.Reason,
        proposal.Warnings,
    };
}

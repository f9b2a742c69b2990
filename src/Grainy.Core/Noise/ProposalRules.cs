using Grainy.Core.Denoising;
using Grainy.Core.Training;
using Grainy.Core.Training.Masking;

namespace Grainy.Core.Noise;

/// <summary>From measurements to a proposal.</summary>
/// <param name="images">At least one.</param>
/// <param name="frames">Pairs of frames of one scene; empty where images stand alone.</param>
/// <param name="count">Images in all.</param>
/// <param name="pixels">Of all images.</param>
internal sealed class ProposalRules(IReadOnlyList<ImageNoise> images, IReadOnlyList<FrameNoise> frames, int count, long pixels, bool hasAccelerator)
{
    /// <summary>The shorter side, in pixels, from which networks are trained.</summary>
    private const int LeastSide = TrainingRun.SmallestSide;

    private const double ImpulseLimit = 0.005;
    private const double FewImpulses = 0.0005;
    private const double ClippedLimit = 0.01;
    private const double CutOffLimit = 0.15;
    private const double ScatterLimit = 0.25;
    private const double EqualVariance = 1.3; // the brightest bins over the darkest: below it one σ serves all
    private const double NegligibleOffset = 0.1; // of the variance at the mean signal
    private const double VisibleGrain = 0.004; // of the range: coarse grain below it is taken for content
    private const int ZeroShotPixels = 128 * 128;
    private const long FullPresetPixels = 4_000_000;

    private readonly List<NoiseWarning> _warnings = [];

    private double Sigma { get; } = Math.Sqrt(images.Average(image => image.Sigma * image.Sigma));

    private int Side { get; } = images.Min(image => image.ShorterSide);

    /// <summary>Applies the rules, the hindrances first.</summary>
    public NoiseProposal Propose()
    {
        if (Hindrance() is { } hindrance)
        {
            return Proposal(NoiseVerdict.Stop, TrainingMethods.BlindSpot, null, 0, MaskStructures.None, "There is nothing to train on.", hindrance);
        }

        WarnOfSamples();
        var curve = Curve();
        var model = frames.Count == 0 && images.All(image => image.IsSparse) ? null : Model(curve);
        var autocorrelation = Representative(image => image.Autocorrelation);
        return frames.Count > 0 ? Pairs(model) : Singles(model, autocorrelation);
    }

    private NoiseWarning? Hindrance()
    {
        if (images.All(image => image.Spread.IsConstant))
        {
            return NoiseWords.Constant;
        }

        var step = images.Max(image => image.Spread.Step);
        return Side < LeastSide ? NoiseWords.Small(Side, LeastSide)
            : images.Any(image => image.IsSparse || image.IsLossy) || frames.Count > 0 ? null // compression smooths noise away where it was looked for
            : images.Any(image => image.Autocorrelation is { IsCorrelated: true } noise && noise.Sigma > Math.Max(step, VisibleGrain * (image.Spread.High - image.Spread.Low))) ? null
            : Sigma == 0 ? NoiseWords.NoNoise
            : Sigma < 0.4 * step ? NoiseWords.Rounded(Sigma, step)
            : null;
    }

    private void WarnOfSamples()
    {
        if (images.Any(image => image.Spread.IsConstant))
        {
            _warnings.Add(NoiseWords.Constant);
        }

        if (images.Any(image => image.IsSparse))
        {
            _warnings.Add(NoiseWords.Sparse);
        }

        var (low, high) = (images.Average(image => image.Spread.AtLowest), images.Average(image => image.Spread.AtHighest));
        if (Math.Max(low, high) > ClippedLimit)
        {
            _warnings.Add(NoiseWords.Clipped(low, high));
        }

        if (images.Any(image => image.IsLossy))
        {
            _warnings.Add(NoiseWords.Lossy);
        }
    }

    // Frames show the noise without the scene; failing these, what all images say together.
    private VarianceCurve? Curve() => frames.Count > 0
        ? VarianceLine.Fit([.. frames.SelectMany(frame => frame.Curve?.Bins ?? []).OrderBy(bin => bin.Mean)])
        : VarianceLine.Fit([.. images.SelectMany(image => image.Curve?.Bins ?? []).OrderBy(bin => bin.Mean)]);

    private NoiseModel? Model(VarianceCurve? curve)
    {
        if (Representative(image => image.Impulses is { } share ? share : null) is { } impulses && impulses > FewImpulses)
        {
            _warnings.Add(NoiseWords.Impulses(impulses));
            if (impulses > ImpulseLimit)
            {
                return new NoiseModel.Impulse(Math.Min(impulses, 0.99));
            }
        }

        if (curve is null)
        {
            return Sigma > 0 ? new NoiseModel.Gaussian(Sigma) : null;
        }

        double darkest = (curve.A * curve.Bins[0].Mean) + curve.B, brightest = (curve.A * curve.Bins[^1].Mean) + curve.B;
        if (curve.A < -4 * curve.AError && brightest * EqualVariance < darkest)
        {
            _warnings.Add(NoiseWords.Shrinking);
            return null;
        }

        if (curve.A < 4 * curve.AError || brightest < EqualVariance * darkest)
        {
            return curve.Scatter > ScatterLimit * 2 ? Unknown() : new NoiseModel.Gaussian(Math.Sqrt(frames.Count > 0 ? curve.MeanVariance : Sigma * Sigma));
        }

        if (curve.Scatter > ScatterLimit)
        {
            return Unknown();
        }

        if (curve.BlackLevel is { } level)
        {
            _warnings.Add(NoiseWords.BlackLevel(level));
            // A variance that falls to 0 at the black level would make a likelihood infinitely sure there; counts through the mean overstate dark noise instead.
            return curve.MeanSignal > 0 && curve.MeanVariance > 0 ? new NoiseModel.Poisson(curve.MeanSignal / curve.MeanVariance) : null;
        }

        return curve.BInterval.Low < NegligibleOffset * curve.MeanVariance && curve.B < NegligibleOffset * curve.MeanVariance
            ? new NoiseModel.Poisson(1 / curve.A)
            : new NoiseModel.Affine(curve.A, Math.Max(0, curve.B));
    }

    private NoiseModel? Unknown()
    {
        _warnings.Add(NoiseWords.Curved);
        return null;
    }

    private NoiseProposal Pairs(NoiseModel? model)
    {
        var moved = frames.MaxBy(frame => frame.Alignment.IsShifted ? frame.Alignment.Shift : 0)!.Alignment;
        if (moved.IsShifted)
        {
            _warnings.Insert(0, NoiseWords.Moved(moved.Shift));
        }

        var drifted = frames.Where(frame => frame.Alignment.IsDrifted).Select(frame => Math.Abs(frame.Alignment.Drift / frame.Alignment.Mean)).DefaultIfEmpty(0).Max();
        if (drifted > 0)
        {
            _warnings.Add(NoiseWords.Drifted(drifted));
        }

        if (frames.Select(frame => frame.Autocorrelation).FirstOrDefault(noise => noise?.IsCorrelated == true) is { } structured)
        {
            _warnings.Add(NoiseWords.FramesShareNoise(structured.Strongest));
        }

        return Proposal(
            moved.IsShifted || drifted > 0 ? NoiseVerdict.Caution : NoiseVerdict.Go, TrainingMethods.Noise2Noise, model, 0, MaskStructures.None,
            "There are frames of one scene: each can be learned from the others, whatever the noise, as long as it is independent between frames.");
    }

    private NoiseProposal Singles(NoiseModel? model, Autocorrelation? noise)
    {
        if (Representative(image => image.Channels.Max(channel => channel.Disagreement)) is > 1.5)
        {
            _warnings.Add(NoiseWords.Texture);
        }

        if (noise?.ChannelCorrelation is { } channels && Math.Abs(channels) > 2 * Autocorrelation.Limit)
        {
            _warnings.Add(NoiseWords.ChannelsCorrelated(channels));
        }

        if (noise?.IsCorrelated == true)
        {
            // High-pass filters, which the curve is made of, do not see coarse grain; its strength is that of the calmest blocks.
            model = model is NoiseModel.Impulse ? model : new NoiseModel.Gaussian(Math.Sqrt(images.Average(image => Math.Pow(image.OverallSigma, 2))));
            _warnings.Insert(0, NoiseWords.Correlated(noise));
            return noise.IsHorizontal || noise.IsVertical
                ? Proposal(
                    NoiseVerdict.Caution, TrainingMethods.Noise2Void, model, noise.HoleRadius, noise.IsHorizontal ? MaskStructures.Horizontal : MaskStructures.Vertical,
                    "The noise is correlated along one direction: masks of that shape hide what would give it away.")
                : Proposal(
                    NoiseVerdict.Caution, TrainingMethods.BlindSpot, model, noise.HoleRadius, MaskStructures.Square,
                    "The noise is correlated in all directions: a wider blind spot hides the neighbours that would give it away, at the cost of fine detail.");
        }

        if (images.All(image => image.IsLossy) && Sigma < 0.4 * images.Max(image => image.Spread.Step))
        {
            return Proposal(
                NoiseVerdict.Caution, TrainingMethods.BlindSpot, new NoiseModel.Gaussian(), Autocorrelation.Range, MaskStructures.Square,
                "Compression has smoothed the calm parts, so the noise left elsewhere can neither be measured there nor be independent: a wide blind spot is the least wrong.");
        }

        if (count == 1 && pixels < ZeroShotPixels)
        {
            return Proposal(
                Verdict(), TrainingMethods.ZeroShot, model, 0, MaskStructures.None, "There is one small image: a tiny network learns it in seconds without a noise model.");
        }

        if (images.Average(image => Math.Max(image.Spread.AtLowest, image.Spread.AtHighest)) > CutOffLimit)
        {
            return Proposal(
                NoiseVerdict.Caution, TrainingMethods.BlindSpot, model, 0, MaskStructures.None,
                "A good part of the noise was cut off, so its strength can only be guessed and its mean is not zero: a blind-spot network is the least wrong, but brightness will be off where samples are clipped.");
        }

        return model is null
            ? Proposal(
                NoiseVerdict.Caution, TrainingMethods.Neighbor2Neighbor, null, 0, MaskStructures.None,
                "The noise is independent between pixels but follows none of the models: neighbouring pixels serve as pairs, and no model is needed.")
            : Proposal(
                Verdict(), TrainingMethods.BlindSpot, model, 0, MaskStructures.None,
                $"Pixels are independent and the noise is understood ({model}): a blind-spot network with this model uses every pixel and tells how sure it is.");
    }

    private NoiseVerdict Verdict() => _warnings.Count == 0 ? NoiseVerdict.Go : NoiseVerdict.Caution;

    private NoiseProposal Proposal(
        NoiseVerdict verdict, string method, NoiseModel? model, int hole, string structure, string reason, params NoiseWarning[] first) => new(
        verdict, method, model, hasAccelerator && pixels >= FullPresetPixels ? NetworkPresets.Full : NetworkPresets.Compact, hole, structure, reason, [.. first, .. _warnings]);

    // The image in the middle: one odd image among many does not decide.
    private double? Representative(Func<ImageNoise, double?> value) =>
        images.Select(value).Where(number => number is not null).Order().ToArray() is { Length: > 0 } known ? known[known.Length / 2] : null;

    private Autocorrelation? Representative(Func<ImageNoise, Autocorrelation?> value) =>
        images.Select(value).OfType<Autocorrelation>().OrderBy(noise => noise.IsCorrelated ? Math.Abs(noise.Strongest.Value) : 0).ToArray() is { Length: > 0 } known
            ? known[known.Length / 2] : null;
}

using System.Globalization;
using Grainy.Core.Denoising;
using Grainy.Core.Noise;

namespace Grainy.Core.Trust;

/// <summary>Whether an image is like those that a model was trained on. A network asked about other data answers all the same, and wrongly.</summary>
public static class DomainCheck
{
    private const double SigmaBelow = 0.6;
    private const double SigmaAbove = 1.5;
    private const double Beyond = 0.25; // of the range of training
    private const double Contrast = 0.1;

    /// <summary>What speaks against using the model on the image; empty where nothing does.</summary>
    /// <param name="model">Its settings say what it has seen.</param>
    /// <param name="image">As <see cref="NoiseAnalysis.OfImage"/> measured it.</param>
    public static IReadOnlyList<NoiseWarning> Of(DenoiserSettings model, Noise.ImageNoise image)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(image);
        return [.. Warnings(model, image)];
    }

    private static IEnumerable<NoiseWarning> Warnings(DenoiserSettings model, Noise.ImageNoise image)
    {
        var sigma = image.OverallSigma;
        if (model.HighestSigma > 0 && sigma > 0 && (sigma < SigmaBelow * model.LowestSigma || sigma > SigmaAbove * model.HighestSigma))
        {
            yield return Warning(
                "noise-outside-training",
                $"The noise (σ = {sigma:G3}) lies outside of what the model has seen ({model.LowestSigma:G3} to {model.HighestSigma:G3}): expect {(sigma > model.HighestSigma ? "noise left in" : "blur")}. Train on such images, or adapt the model to this one.");
        }

        var (low, high) = (model.RangeOffset, model.RangeOffset + model.RangeScale);
        if (!model.RangePerImage && (image.Spread.Low < low - (Beyond * model.RangeScale) || image.Spread.High > high + (Beyond * model.RangeScale)))
        {
            yield return Warning(
                "brightness-outside-training",
                $"The samples reach from {image.Spread.Low:G3} to {image.Spread.High:G3}, those of the training from {low:G3} to {high:G3}: intensities may come out changed. Bring the image to the same exposure, or train on such images.");
        }
        else if (!model.RangePerImage && image.Spread.High - image.Spread.Low < Contrast * model.RangeScale)
        {
            yield return Warning(
                "contrast-outside-training",
                $"The samples span {image.Spread.High - image.Spread.Low:G3} where those of the training span {model.RangeScale:G3}: the scale of the values may be another (8 or 16 bits, counts). Check the units.");
        }

        if (model.Channels == 3 && image.Channels.Count == 1)
        {
            yield return Warning("grey-for-colour", $"The model knows colour pictures; a grey one is shown to it under more noise, in colours, and the mean is taken: a model trained on grey images may do better.");
        }

        if (image.Autocorrelation?.HoleRadius > model.Hole && image.Autocorrelation.IsCorrelated && model.Network == NetworkKinds.BlindSpot)
        {
            yield return Warning(
                "correlated-noise",
                $"The noise of neighbours is correlated ({image.Autocorrelation.Strongest.Value:F2}) over {image.Autocorrelation.HoleRadius} px, but the model hides only {model.Hole}: it will keep much of the noise.");
        }

        if (model.Noise == "gaussian" && model.Network == NetworkKinds.BlindSpot && image.Curve is { Scatter: < 0.25, RSquared: > 0.7 } curve && curve.A > 4 * curve.AError
            && (curve.A * curve.Bins[^1].Mean) + curve.B > 2 * ((curve.A * curve.Bins[0].Mean) + curve.B))
        {
            yield return Warning(
                "signal-dependent-noise",
                $"The noise grows with brightness (variance {curve.A:G3}·x + {curve.B:G3}), but the model assumes the same noise everywhere: bright parts keep noise, dark ones are blurred. Train with an affine noise model.");
        }
    }

    private static NoiseWarning Warning(string code, FormattableString text) => new(code, text.ToString(CultureInfo.InvariantCulture));
}

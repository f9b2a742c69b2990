using System.Globalization;
using Grainy.Contracts.Training;

namespace Grainy.Web.Features.Training;

/// <summary>The noise that a blind-spot training assumes, as a person types it.</summary>
public sealed class NoiseInput
{
    public const string Gaussian = "gaussian";
    public const string Poisson = "poisson";
    public const string Affine = "affine";
    public const string Impulse = "impulse";

    /// <summary>Kinds of noise, each with what it is called and what it is.</summary>
    public static IReadOnlyList<(string Kind, string Name)> Kinds { get; } =
    [
        (Gaussian, "Gaussian: the same everywhere"),
        (Poisson, "Photon (Poisson): grows with brightness"),
        (Affine, "Camera: variance a·x + b"),
        (Impulse, "Impulses: single pixels replaced"),
    ];

    /// <summary>One of <see cref="Kinds"/>.</summary>
    public string Kind { get; private set; } = Gaussian;

    /// <summary>Where the numbers come from.</summary>
    public NoiseSource Source { get; set; } = NoiseSource.Estimated;

    /// <summary>Standard deviation of Gaussian noise, in <see cref="SigmaIn8Bit"/> units.</summary>
    public string SigmaText { get; set; } = "25";

    /// <summary>True: on the scale 0 … 255; false: on the scale 0 … 1.</summary>
    public bool SigmaIn8Bit { get; set; } = true;

    /// <summary>Counts of photons at white.</summary>
    public string CountsText { get; set; } = "100";

    /// <summary>The a of a·x + b.</summary>
    public string GainText { get; set; } = "0.01";

    /// <summary>The b of a·x + b.</summary>
    public string FloorText { get; set; } = "0.0001";

    /// <summary>Replaced pixels in per cent.</summary>
    public string ShareText { get; set; } = "5";

    /// <summary>The given standard deviation on the scale [0, 1]; null when it is no number from 0.1/255 to 1.</summary>
    public double? Sigma => Number(SigmaText) / (SigmaIn8Bit ? 255 : 1) is { } sigma and >= 0.1 / 255 and <= 1 ? sigma : null;

    /// <summary>What a training is told: a standard deviation, a model, or neither for an estimate of each image.</summary>
    public (double? Sigma, NoiseChoice? Noise) Value => (Source, Kind) switch
    {
        (NoiseSource.Estimated, _) => (null, null),
        (NoiseSource.Learned or NoiseSource.LearnedPerImage, _) => (null, new NoiseChoice(Kind, PerImage: Source == NoiseSource.LearnedPerImage)),
        (_, Gaussian) => (Sigma, null),
        (_, Poisson) => (null, new NoiseChoice(Kind, Number(CountsText))),
        (_, Affine) => (null, new NoiseChoice(Kind, Number(GainText), Number(FloorText))),
        _ => (null, new NoiseChoice(Kind, Number(ShareText) / 100)),
    };

    /// <summary>Which number is missing or out of range, one sentence; null when all are fine.</summary>
    public string? Objection => (Source, Kind) switch
    {
        (not NoiseSource.Given, _) => null,
        (_, Gaussian) => Sigma is not null ? null : SigmaIn8Bit ? "Give σ as a number from 0.1 to 255." : "Give σ as a number from 0.0004 to 1.",
        (_, Poisson) => Number(CountsText) is > 0 ? null : "Give the counts at white as a number above 0.",
        (_, Affine) => Number(GainText) is >= 0 and var gain && Number(FloorText) is >= 0 and var floor && gain + floor > 0
            ? null : "Give a and b as numbers from 0, at least one of them above it.",
        _ => Number(ShareText) is > 0 and < 100 ? null : "Give the replaced pixels as a number between 0 and 100 per cent.",
    };

    /// <summary>Chooses a kind; only Gaussian noise is estimated from each image.</summary>
    public void Choose(string kind)
    {
        Kind = kind;
        if (kind != Gaussian && Source == NoiseSource.Estimated)
        {
            Source = NoiseSource.Given;
        }
    }

    /// <summary>Takes over what was measured.</summary>
    /// <param name="measured">Null: no model describes the noise; then Gaussian noise is estimated.</param>
    /// <param name="perImage">True where Gaussian noise is better estimated from each image than taken for all.</param>
    public void Take(NoiseChoice? measured, bool perImage)
    {
        Kind = measured?.Kind ?? Gaussian;
        Source = measured?.Strength is not null && !(Kind == Gaussian && perImage) ? NoiseSource.Given : Kind == Gaussian ? NoiseSource.Estimated : NoiseSource.Learned;
        if (measured?.Strength is not { } value)
        {
            return;
        }

        switch (Kind)
        {
            case Gaussian:
                (SigmaText, SigmaIn8Bit) = (Text(value * 255), true);
                break;
            case Poisson:
                CountsText = Text(value);
                break;
            case Affine:
                (GainText, FloorText) = (Text(value), Text(measured.Offset ?? 0));
                break;
            default:
                ShareText = Text(value * 100);
                break;
        }
    }

    private static string Text(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static double? Number(string text) =>
        double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}

/// <summary>Where the numbers of a noise model come from.</summary>
public enum NoiseSource
{
    /// <summary>Measured in each image before the training.</summary>
    Estimated,

    /// <summary>Typed in or taken over from the measurement of all images.</summary>
    Given,

    /// <summary>Found by the training, the same for all images.</summary>
    Learned,

    /// <summary>Found by the training for each image.</summary>
    LearnedPerImage,
}

namespace Grainy.Core.Metrics;

/// <summary>How to measure.</summary>
public sealed record MetricOptions
{
    /// <summary>Random transforms that E-LPIPS averages over when nothing else is said.</summary>
    public const int DefaultSamples = 200;

    /// <summary>
    /// Random transforms to average over, 1 … 1,000,000; only E-LPIPS uses any. Null: <see cref="DefaultSamples"/>, or with <see cref="TargetError"/> as many
    /// as that takes, up to <see cref="MostSamples"/>.
    /// </summary>
    public int? Samples { get; init; }

    /// <summary>Seed of all random draws; the same seed gives the same value.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Stop as soon as half the width of the 95 % interval is at most this share of the value: 1.96 · standard error ≤ target · value. 0.025 asks for ± 2.5 %.
    /// Between 0 and 1; null: draw all samples.
    /// </summary>
    public double? TargetError { get; init; }

    /// <summary>The most samples that <see cref="TargetError"/> may take; ignored where <see cref="Samples"/> is given.</summary>
    public int MostSamples { get; init; } = 5000;

    /// <summary>How the random transforms are drawn.</summary>
    public Sampling Sampling { get; init; } = Sampling.Stratified;

    /// <summary>
    /// Largest scale of E-LPIPS, 1 … 64. Null: ⌊shorter side / 64⌋, at least 1, so that a scaled image keeps 64 pixels. The example programs of the published
    /// code use 8 at any size in places: give 8 to compare with them.
    /// </summary>
    public int? Scales { get; init; }

    /// <summary>The sample value of white, black being 0; samples are divided by it first. 1 for images as they are read here; never guessed.</summary>
    public double DataRange { get; init; } = 1;

    /// <summary>What the samples of both images stand for; see <see cref="MetricInput"/> for what follows from it.</summary>
    public SampleEncoding Encoding { get; init; } = SampleEncoding.Display;

    /// <summary>
    /// <see cref="MetricResult.Continuation"/> of an earlier measurement of the same images by the same metric and sampling: goes on from there, and ends with
    /// the same bytes as one uninterrupted measurement. Null: begin anew.
    /// </summary>
    public string? ContinueFrom { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    public MetricOptions Validated()
    {
        Require(Samples is null or (>= 1 and <= 1_000_000), nameof(Samples), Samples, "The number of samples must be between 1 and 1,000,000.");
        Require(MostSamples is >= 1 and <= 1_000_000, nameof(MostSamples), MostSamples, "The most samples must be between 1 and 1,000,000.");
        Require(TargetError is null or (> 0 and < 1), nameof(TargetError), TargetError, "The target of the relative error must be between 0 and 1.");
        Require(Scales is null or (>= 1 and <= 64), nameof(Scales), Scales, "The number of scales must be between 1 and 64.");
        Require(double.IsFinite(DataRange) && DataRange > 0, nameof(DataRange), DataRange, "The data range must be a positive number.");
        return this;
    }

    private static void Require(bool holds, string name, object? value, string sentence)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, sentence);
        }
    }
}

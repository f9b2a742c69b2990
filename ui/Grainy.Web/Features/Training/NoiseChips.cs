using Grainy.Contracts.Training;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Training;

/// <summary>A measurement in words, one verdict each.</summary>
/// <param name="Style"><c>good</c>, <c>warn</c>, <c>bad</c> or empty.</param>
public sealed record NoiseChip(string Text, string Style)
{
    private const double ClippedLimit = 0.01;
    private const double ImpulseLimit = 0.0005;

    /// <summary>All verdicts on a measurement, the answer first.</summary>
    public static IReadOnlyList<NoiseChip> Of(NoiseResult noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        var chips = new List<NoiseChip>
        {
            noise.Advice switch
            {
                NoiseAdvice.Go => new("Go", "good"),
                NoiseAdvice.Caution => new("Go, with care", "warn"),
                _ => new("Better not", "bad"),
            },
        };
        if (noise.Images.Length == 0)
        {
            return chips;
        }

        chips.Add(Strength(noise));
        chips.AddRange(Growth(noise));
        var correlated = noise.Images.Where(image => image.IsCorrelated).ToArray();
        if (correlated.Length > 0)
        {
            chips.Add(new($"neighbours share noise ({Words.Number(correlated.Max(image => Math.Abs(image.Lag!.Correlation)), "0.00")})", "warn"));
        }
        else if (noise.Images.Any(image => image.Lag is not null))
        {
            chips.Add(new("neighbours independent", "good"));
        }

        chips.AddRange(Scenes(noise));
        // The same shares, over all images and rounded alike, as in the warning beside it.
        var (low, high) = (noise.Images.Average(image => image.ClippedLow), noise.Images.Average(image => image.ClippedHigh));
        if (Math.Max(low, high) > ClippedLimit)
        {
            chips.Add(new($"clipped: {Percent(low)} lowest, {Percent(high)} highest", "warn"));
        }

        if (noise.Images.Max(image => image.Impulses) is > ImpulseLimit and var impulses)
        {
            chips.Add(new($"{Words.Number(impulses * 100, "0.##")} % impulses", "warn"));
        }

        if (noise.Problems.Length > 0)
        {
            chips.Add(new($"{Words.Count(noise.Problems.Length, "image")} cannot be used", "bad"));
        }

        return chips;
    }

    private static NoiseChip Strength(NoiseResult noise)
    {
        var (low, high) = (noise.Images.Min(image => image.Sigma) * 255, noise.Images.Max(image => image.Sigma) * 255);
        return high < 0.05 ? new("no noise found", "bad")
            : high > 1.25 * low ? new($"noise σ ≈ {Number(low)} to {Number(high)} of 255", "")
            : new($"noise σ ≈ {Number((low + high) / 2)} of 255", "");
    }

    private static IEnumerable<NoiseChip> Growth(NoiseResult noise)
    {
        if (noise.Noise is { Kind: NoiseInput.Poisson or NoiseInput.Affine })
        {
            yield return new("grows with brightness", "");
        }
        else if (noise.Noise is { Kind: NoiseInput.Gaussian, Strength: not null } && noise.Curve.Length > 0 && !noise.Images.Any(image => image.IsCorrelated))
        {
            yield return new("the same at all brightnesses", "");
        }
        else if (noise.Noise is null && noise.Advice != NoiseAdvice.Stop)
        {
            yield return new("follows no model", "warn");
        }

        if (noise.Warnings.Any(warning => warning.Code == "black-level"))
        {
            var level = noise.Images.Max(image => image.Variance?.BlackLevel);
            yield return new(level is { } black ? $"black level {Words.Number(black, "0.####")} not subtracted" : "black level not subtracted", "warn");
        }
    }

    private static IEnumerable<NoiseChip> Scenes(NoiseResult noise)
    {
        var sizes = noise.Scenes.Where(scene => scene >= 0).GroupBy(scene => scene).Select(scene => scene.Count()).ToArray();
        if (sizes.Any(size => size > 1))
        {
            yield return sizes.Length == 1 ? new($"{sizes[0]} exposures of one scene", "")
                : sizes.Min() == sizes.Max() ? new($"{sizes.Length} scenes of {sizes[0]} exposures", "")
                : new($"{sizes.Length} scenes, {sizes.Min()} to {sizes.Max()} exposures each", "");
        }

        if (noise.Frames.Length == 0)
        {
            yield break;
        }

        var shift = noise.Frames.Max(frame => Math.Sqrt((frame.ShiftX * frame.ShiftX) + (frame.ShiftY * frame.ShiftY)));
        yield return noise.Frames.Any(frame => frame.IsShifted)
            ? new($"shifted by {Words.Number(shift, "0.00")} px", "warn")
            : new($"aligned to {Words.Number(Math.Max(shift, 0.01), "0.00")} px", "good");
        if (noise.Frames.Any(frame => frame.IsDrifted))
        {
            yield return new($"brightness drifts by {Words.Number(noise.Frames.Max(frame => Math.Abs(frame.Drift)) * 100, "0.0")} %", "warn");
        }
    }

    private static string Percent(double share) => share.ToString("P1", System.Globalization.CultureInfo.InvariantCulture);

    private static string Number(double sigma) => Words.Number(sigma, sigma < 10 ? "0.0" : "0");
}

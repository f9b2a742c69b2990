using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Noise;

namespace Grainy.Core.Attacks;

/// <summary>The pictures of an attack and the metrics that it is about.</summary>
internal sealed class AttackProblem : IDisposable
{
    private AttackProblem(AttackSettings settings, ImageBuffer reference, ImageBuffer? target, ImageBuffer anchor, IReadOnlyList<AttackedMetric> metrics) =>
        (Settings, Reference, Target, Anchor, Metrics) = (settings, reference, target, anchor, metrics);

    public AttackSettings Settings { get; }

    public ImageBuffer Reference { get; }

    public ImageBuffer? Target { get; }

    public ImageBuffer Anchor { get; }

    /// <summary>Attacked and held ones.</summary>
    public IReadOnlyList<AttackedMetric> Metrics { get; }

    /// <summary>Loads the networks; the pictures are prepared ones.</summary>
    public static AttackProblem Load(AttackSettings settings, ImageBuffer reference, ImageBuffer? target, ImageBuffer anchor, MetricCatalog catalog)
    {
        var metrics = new List<AttackedMetric>();
        try
        {
            foreach (var (name, role) in settings.Metrics.Select(name => (name, AttackRole.Attacked)).Concat(settings.Held.Select(name => (name, AttackRole.Held))))
            {
                metrics.Add(new AttackedMetric(AttackTerms.Create(name, catalog, reference), role, settings));
            }

            return new AttackProblem(settings, reference, target, anchor, metrics);
        }
        catch
        {
            metrics.ForEach(metric => metric.Dispose());
            throw;
        }
    }

    /// <summary>RGB, shrunk to the size, rounded to 8 bits: what the files that come out hold, so that others can repeat every number.</summary>
    public static ImageBuffer Prepared(ImageBuffer image, int? size) => EightBit.Rounded(Shrunk(image, size));

    /// <summary>Where the search was told to start, not rounded; null when it was told nothing.</summary>
    public ImageBuffer? Start => Settings.Start is { } start ? Shrunk(start, Settings.Size) : null;

    /// <summary>The reference with noise, rounded to 8 bits; of a strength that fits the goal.</summary>
    public static ImageBuffer NoisyAnchor(ImageBuffer reference, AttackSettings settings) => EightBit.Rounded(
        GaussianNoise.Corrupt(reference, settings.Goal == AttackGoal.Approach ? settings.NoiseSigma : Math.Pow(10, -settings.LeastPsnr / 20), settings.Seed));

    public void Dispose()
    {
        foreach (var metric in Metrics)
        {
            metric.Dispose();
        }
    }

    private static ImageBuffer Shrunk(ImageBuffer image, int? size)
    {
        var rgb = image.ToRgb();
        return size is { } side && Math.Max(rgb.Width, rgb.Height) > side ? Resize.ToLongerSide(rgb, side) : rgb;
    }
}

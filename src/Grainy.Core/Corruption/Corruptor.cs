using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Corruption;

/// <summary>Spoils clean images, to train and to test with a known truth. Nothing is clipped: clipped noise has no mean of zero.</summary>
public static class Corruptor
{
    private const double LogNormalSpread = 1.5;

    /// <summary>A new, spoiled image; the same settings, seed and frame give the same samples.</summary>
    /// <param name="clean">Borrowed, unchanged; impulses and text assume a scale of [0, 1].</param>
    /// <param name="settings">How.</param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="frame">Another frame of the same scene has independent noise and, where the strength is a range, a strength of its own.</param>
    /// <exception cref="ArgumentException">Settings that make no sense: one sentence for people.</exception>
    public static CorruptedImage Apply(ImageBuffer clean, CorruptionSettings settings, ulong seed, int frame = 0)
    {
        ArgumentNullException.ThrowIfNull(clean);
        ArgumentNullException.ThrowIfNull(settings);
        var kind = settings.Validated().Kind;
        var draw = CounterRandom.For(seed, "corruption.strength", frame);
        double strength = settings.Strength.At(draw.NextDouble()), offset = settings.Offset.At(draw.NextDouble());
        var random = CounterRandom.For(seed, $"corruption.{kind}", frame);
        switch (kind)
        {
            case CorruptionKind.Gaussian:
                return new(GaussianNoise.Corrupt(clean, strength, seed, frame), strength, 0, null, new NoiseModel.Gaussian(strength));
            case CorruptionKind.Poisson:
                return new(Each(clean, x => random.NextPoisson(Math.Max(x, 0) * strength) / strength), strength, 0, null, new NoiseModel.Poisson(strength));
            case CorruptionKind.Affine:
                return new(Each(clean, x => Camera(x)), strength, offset, null, new NoiseModel.Affine(strength, offset));
            case CorruptionKind.Brown:
                return new(BrownNoise.Add(clean, strength, ref random), strength, 0, null, null);
            case CorruptionKind.MonteCarlo:
                return new(Traced(clean, (int)Math.Round(strength), ref random), Math.Round(strength), 0, null, null);
            default:
                var planes = clean.Planes.ToArray();
                var valid = kind == CorruptionKind.Text ? TextOverlay.Draw(planes, clean, strength, ref random) : Replace(planes, clean, kind, strength, ref random);
                var image = new ImageBuffer(clean.Channels, clean.Height, clean.Width, planes);
                return new(image, strength, 0, valid, kind == CorruptionKind.Impulse ? new NoiseModel.Impulse(strength) : null);
        }

        double Camera(double x) => (strength > 0 ? random.NextPoisson(Math.Max(x, 0) / strength) * strength : x) + (Math.Sqrt(offset) * random.NextNormal());
    }

    private static ImageBuffer Each(ImageBuffer clean, Func<double, double> sample)
    {
        var planes = new float[clean.Planes.Length];
        for (var i = 0; i < planes.Length; i++)
        {
            planes[i] = (float)sample(clean.Planes[i]);
        }

        return new ImageBuffer(clean.Channels, clean.Height, clean.Width, planes);
    }

    private static bool[] Replace(float[] planes, ImageBuffer clean, CorruptionKind kind, double share, ref CounterRandom random)
    {
        var area = clean.Width * clean.Height;
        var valid = new bool[area];
        for (var i = 0; i < area; i++)
        {
            valid[i] = random.NextDouble() >= share;
            for (var c = 0; c < clean.Channels && !valid[i]; c++)
            {
                planes[(c * area) + i] = kind == CorruptionKind.Impulse ? (float)random.NextDouble() : 0;
            }
        }

        return valid;
    }

    private static ImageBuffer Traced(ImageBuffer clean, int samples, ref CounterRandom random)
    {
        var area = clean.Width * clean.Height;
        var planes = new float[clean.Planes.Length];
        for (var i = 0; i < area; i++)
        {
            var light = 0.0;
            for (var sample = 0; sample < samples; sample++)
            {
                light += Math.Exp((LogNormalSpread * random.NextNormal()) - (LogNormalSpread * LogNormalSpread / 2)) / samples;
            }

            for (var c = 0; c < clean.Channels; c++)
            {
                planes[(c * area) + i] = (float)(clean.Planes[(c * area) + i] * light);
            }
        }

        return new ImageBuffer(clean.Channels, clean.Height, clean.Width, planes);
    }
}

using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Tensors;

namespace Grainy.Core.Blending;

/// <summary>
/// The draw of each step. Those of the fast mode are spread more evenly than chance would: scales come in their shares, factors follow a sequence of low
/// discrepancy (Roberts 2018: multiples of powers of the inverse of the root of x⁴ = x + 1), flips and permutations take turns. Every draw still has the law of the ensemble, so the
/// gradient is as true on average and varies less.
/// </summary>
internal sealed class BlendSampler
{
    private static readonly double[] Steps = [0.81917251339616, 0.67104360670378, 0.54970047790197];
    private const double Golden = 0.61803398874989;

    private readonly SeedSequence _seed;
    private readonly double[] _probabilities;
    private readonly double[] _starts;
    private readonly bool _published;
    private readonly bool _plain;

    /// <param name="ensemble">False for metrics that draw nothing.</param>
    /// <param name="scales">Largest scale.</param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="published">Independent draws with dropout.</param>
    public BlendSampler(bool ensemble, int scales, ulong seed, bool published)
    {
        (_plain, _published, _seed) = (!ensemble, published, new SeedSequence(seed));
        _probabilities = ELpipsSampler.Probabilities(scales);
        var random = new RandomStream(_seed.Derive("blend starts"));
        _starts = [.. Enumerable.Range(0, 6).Select(_ => random.NextDouble())];
    }

    /// <summary>Depends on the number of the step alone, so that a frame does not depend on which others are computed.</summary>
    public BlendDraw Draw(int step)
    {
        if (_plain)
        {
            return BlendDraw.Plain;
        }

        var random = new RandomStream(_seed.Derive("blend", step));
        if (_published)
        {
            return new BlendDraw(ELpipsSampler.Draw(ELpipsSampler.Scale(_probabilities, random), random), random.NextBits());
        }

        var transform = ELpipsSampler.Draw(Scale(Fraction(_starts[3] + (step * Golden))), random);
        var flip = (step + (int)(_starts[4] * 4)) % 4;
        return new BlendDraw(
            transform with
            {
                FlipRows = flip is 1 or 2,
                FlipColumns = flip is 0 or 2,
                Permutation = ELpipsSampler.Permutations[(step + (int)(_starts[5] * 6)) % 6],
                Factors = (Factor(0, step), Factor(1, step), Factor(2, step)),
            },
            null);
    }

    private static double Fraction(double value) => value - Math.Floor(value);

    private float Factor(int channel, int step) => ELpipsSampler.Factor(Fraction(_starts[channel] + ((step + 1) * Steps[channel])));

    private int Scale(double u)
    {
        var scale = 1;
        while (scale < _probabilities.Length && u >= _probabilities[scale - 1])
        {
            u -= _probabilities[scale - 1];
            scale++;
        }

        return scale;
    }
}

using Grainy.Core.Images;

namespace Grainy.Core.Trust;

/// <summary>The distance of a denoised frame from the clean image that nobody has, by a second noisy frame of the scene.</summary>
/// <param name="MeanSquaredError">Estimate, without bias; it may fall below 0 by chance where the denoiser is very good or the frames are few.</param>
/// <param name="StandardError">Of the mean squared error.</param>
/// <param name="NoisyError">Mean squared error of the frame before denoising: the variance of the noise.</param>
/// <param name="Peak">The value of white.</param>
public sealed record PairScore(double MeanSquaredError, double StandardError, double NoisyError, double Peak)
{
    private const int Block = 16;
    private const double HalfWidth = 1.96;

    /// <summary>10·log₁₀(peak² / error) in dB; +∞ where the estimate is 0 or less.</summary>
    public double Psnr => Decibels(MeanSquaredError);

    /// <summary>95 % interval of <see cref="Psnr"/>.</summary>
    public (double Low, double High) Interval => (Decibels(MeanSquaredError + (HalfWidth * StandardError)), Decibels(MeanSquaredError - (HalfWidth * StandardError)));

    /// <summary>The same of the noisy frame.</summary>
    public double NoisyPsnr => Decibels(NoisyError);

    /// <summary>Mean of (f(y₁) − y₂)² minus half the mean of (y₁ − y₂)².</summary>
    /// <param name="denoised">f(y₁), by any denoiser that has not seen the second frame.</param>
    /// <param name="first">y₁.</param>
    /// <param name="second">y₂: the same scene, pixel on pixel, with independent noise of mean 0 and the same strength.</param>
    /// <param name="peak">The value of white on the images' scale; 1 for ordinary pictures.</param>
    /// <remarks>
    /// E(f − y₂)² = E(f − x)² + σ₂², because f and the noise of y₂ are independent. The standard error is taken over blocks of 16 × 16 pixels, whose errors hang
    /// together.
    /// </remarks>
    /// <exception cref="ArgumentException">Of different size, or with samples that are not numbers: one sentence for people.</exception>
    public static PairScore Of(ImageBuffer denoised, ImageBuffer first, ImageBuffer second, double peak = 1)
    {
        Pairs.Require(denoised, first, "The denoised image and its noisy frame");
        Pairs.Require(first, second, "The two frames");
        var (across, down) = ((first.Width + Block - 1) / Block, (first.Height + Block - 1) / Block);
        var sums = new double[across * down];
        var noise = 0.0;
        for (var i = 0; i < first.Planes.Length; i++)
        {
            var (y, x) = Math.DivRem(i % (first.Width * first.Height), first.Width);
            double miss = denoised.Planes[i] - second.Planes[i], between = first.Planes[i] - second.Planes[i];
            sums[(y / Block * across) + (x / Block)] += (miss * miss) - (between * between / 2);
            noise += between * between / 2;
        }

        var mean = sums.Sum() / first.Planes.Length;
        var perBlock = first.Planes.Length / (double)sums.Length;
        var spread = sums.Sum(sum => Math.Pow((sum / perBlock) - mean, 2)) / Math.Max(1, sums.Length - 1);
        return new PairScore(mean, Math.Sqrt(spread / sums.Length), noise / first.Planes.Length, peak);
    }

    private double Decibels(double error) => error > 0 ? 10 * Math.Log10(Peak * Peak / error) : double.PositiveInfinity;
}

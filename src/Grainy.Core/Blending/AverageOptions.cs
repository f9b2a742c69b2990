namespace Grainy.Core.Blending;

/// <summary>How an average of noisy copies is computed.</summary>
public sealed record AverageOptions
{
    /// <summary>The most exposures that are averaged.</summary>
    public const int MostExposures = 64;

    /// <summary>
    /// Longer side of the result in pixels, 64 to 2048. Scaling down averages pixels and with them the noise: the grain that is kept is that of the scaled exposures.
    /// </summary>
    public int Size { get; init; } = 512;

    /// <summary>Seed of the random draws; the same seed gives the same result on the same device.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>A name of <see cref="BlendMetrics.Names"/>; null: <c>elpips-squeeze</c>, or <c>elpips-builtin</c> without published weights.</summary>
    public string? Metric { get; init; }

    /// <summary>The most optimisation steps, 10 to 100,000.</summary>
    public int Steps { get; init; } = 240;

    /// <summary>Exposures that a step compares with, taken in turns, 1 to 8; null: all up to 4. The published program takes one.</summary>
    public int? Minibatch { get; init; }

    /// <summary>The published procedure: from noise, one exposure, transform and dropout per step, no scales, tens of thousands of steps.</summary>
    public bool Reference { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range; the message is a sentence for people.</exception>
    public AverageOptions Validated(int exposures)
    {
        Require(exposures is >= 2 and <= MostExposures, nameof(exposures), exposures, $"An average is made of 2 to {MostExposures} exposures.");
        Require(Size is >= 64 and <= 2048, nameof(Size), Size, "The longer side of an average is 64 to 2,048 pixels.");
        Require(Steps is >= 10 and <= 100_000, nameof(Steps), Steps, "An average takes 10 to 100,000 steps.");
        Require(Minibatch is null or (>= 1 and <= 8), nameof(Minibatch), Minibatch, "A step compares with 1 to 8 exposures.");
        return this;
    }

    private static void Require(bool holds, string name, object? value, string message)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, message);
        }
    }
}

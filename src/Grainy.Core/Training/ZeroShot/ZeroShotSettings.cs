namespace Grainy.Core.Training.ZeroShot;

/// <summary>Limits of <see cref="ZeroShotDenoiser"/>; within them it ends by itself.</summary>
public sealed record ZeroShotSettings
{
    /// <summary>Most compute time in seconds, 1 to 3,600. A run that ends earlier by itself gives the same result with any budget. Default: 60.</summary>
    public double BudgetSeconds { get; init; } = 60;

    /// <summary>Most optimiser steps, 1 to 100,000. Default: 3,000, as in the paper.</summary>
    public long MostSteps { get; init; } = 3_000;

    /// <summary>Seed of every random stream.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Throws when a value makes no sense; returns the settings.</summary>
    /// <exception cref="ArgumentException">One sentence that says which and why.</exception>
    public ZeroShotSettings Validated()
    {
        if (BudgetSeconds is not (>= 1 and <= 3_600))
        {
            throw new ArgumentException($"A time budget of {BudgetSeconds} s is out of range; give 1 to 3,600 seconds.");
        }

        return MostSteps is >= 1 and <= 100_000 ? this : throw new ArgumentException($"{MostSteps} steps are out of range; give 1 to 100,000.");
    }
}

namespace Grainy.Core.Training;

/// <summary>Step size over the run: smooth rise, plateau, smooth fall to zero (Laine et al. 2019, with other shares for short runs).</summary>
internal static class LearningRateSchedule
{
    /// <summary>Share of the run for the rise.</summary>
    public const double WarmUp = 0.05;

    /// <summary>Share of the run for the fall.</summary>
    public const double RampDown = 0.4;

    /// <summary>Factor in [0, 1] after <paramref name="fraction"/> of the run: (½ − cos(πt)/2) while rising, (½ + cos(πt)/2)² while falling.</summary>
    public static double Factor(double fraction)
    {
        fraction = Math.Clamp(fraction, 0, 1);
        var up = fraction < WarmUp ? 0.5 - (0.5 * Math.Cos(Math.PI * fraction / WarmUp)) : 1;
        var left = 1 - fraction;
        var down = left < RampDown ? 0.5 + (0.5 * Math.Cos(Math.PI * (1 - (left / RampDown)))) : 1;
        return up * down * down;
    }
}

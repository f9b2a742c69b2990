namespace Grainy.Core.Training;

/// <summary>Step size over the run, as a factor of the largest one.</summary>
internal static class LearningRateSchedule
{
    /// <summary>Factor in [0, 1] after <paramref name="fraction"/> of the run.</summary>
    /// <param name="schedule">One of <see cref="LearningRateSchedules"/>.</param>
    /// <param name="fraction">In [0, 1].</param>
    public static double Factor(string schedule, double fraction) => schedule switch
    {
        LearningRateSchedules.Laine => Smooth(fraction, 0.1, 0.3),
        LearningRateSchedules.Noise2Noise => Smooth(fraction, 0, 0.3),
        LearningRateSchedules.Halved => Math.Pow(0.5, Math.Min(4, Math.Floor(Math.Clamp(fraction, 0, 1) * 5))),
        _ => Smooth(fraction, 0.05, 0.4),
    };

    // (½ − cos(πt)/2) while rising, (½ + cos(πt)/2)² while falling: Laine et al. 2019, the authors' code.
    private static double Smooth(double fraction, double warmUp, double rampDown)
    {
        fraction = Math.Clamp(fraction, 0, 1);
        var up = fraction < warmUp ? 0.5 - (0.5 * Math.Cos(Math.PI * fraction / warmUp)) : 1;
        var left = 1 - fraction;
        var down = left < rampDown ? 0.5 + (0.5 * Math.Cos(Math.PI * (1 - (left / rampDown)))) : 1;
        return up * down * down;
    }
}

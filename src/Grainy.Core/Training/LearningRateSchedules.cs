namespace Grainy.Core.Training;

/// <summary>Names of the ways in which the learning rate rises and falls over a run.</summary>
public static class LearningRateSchedules
{
    /// <summary>Rises over 5 % and falls over the last 40 %: for runs of minutes.</summary>
    public const string Quick = "short";

    /// <summary>Rises over 10 % and falls over the last 30 % (Laine et al. 2019).</summary>
    public const string Laine = "laine";

    /// <summary>Constant, then falls over the last 30 % (Lehtinen et al. 2018).</summary>
    public const string Noise2Noise = "noise2noise";

    /// <summary>Halved after each fifth (Huang et al. 2021).</summary>
    public const string Halved = "halved";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [Quick, Laine, Noise2Noise, Halved];
}

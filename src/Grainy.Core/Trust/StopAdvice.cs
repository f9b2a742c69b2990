namespace Grainy.Core.Trust;

/// <summary>What held-out data say about going on with a training.</summary>
/// <param name="Verdict">Whether to.</param>
/// <param name="BestStep">Optimiser steps at the best measurement so far, after smoothing.</param>
/// <param name="RecentGain">Improvement of the mean of the last quarter of the measurements over the quarter before; positive is better.</param>
/// <param name="GainError">Its standard error, from the scatter of neighbouring measurements.</param>
/// <param name="Reason">In one sentence.</param>
public sealed record StopAdvice(StopVerdict Verdict, long BestStep, double RecentGain, double GainError, string Reason);

/// <summary>Whether to go on.</summary>
public enum StopVerdict
{
    /// <summary>Too few measurements to tell.</summary>
    TooEarly,

    /// <summary>Still getting better.</summary>
    GoOn,

    /// <summary>Nothing is gained any more that stands out of the scatter.</summary>
    Plateau,

    /// <summary>Getting worse: the network learns the noise. Go back to the best step.</summary>
    Overfitting,
}

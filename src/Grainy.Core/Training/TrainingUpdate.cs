using Grainy.Core.Images;

namespace Grainy.Core.Training;

/// <summary>How far a training has come.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Steps">Steps in all; with a time budget an extrapolation that settles as the run goes on.</param>
/// <param name="Loss">Smoothed negative log likelihood per pixel; falls, and may be negative.</param>
/// <param name="Fraction">Share of the run that is done, in [0, 1].</param>
/// <param name="ElapsedSeconds">Compute time so far, without what other work took in between.</param>
/// <param name="EtaSeconds">Compute time still to come; null before the first step.</param>
/// <param name="SkippedSteps">Steps left out because a gradient was not finite.</param>
/// <param name="Preview">The middle of the first image as the network denoises it now, on the image's own scale; set from time to time.</param>
public sealed record TrainingUpdate(
    long Step, long Steps, double Loss, double Fraction, double ElapsedSeconds, double? EtaSeconds, long SkippedSteps, ImageBuffer? Preview)
{
    /// <summary>How the averaged weights do on held-out data; set when they have just been tried, for methods and images that allow it.</summary>
    public ValidationPoint? Validation { get; init; }
}

/// <summary>One measurement on held-out data.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Seconds">Compute time so far.</param>
/// <param name="Value">In the objective's own unit; the built-in denoiser's is PSNR in dB.</param>
public sealed record ValidationPoint(long Step, double Seconds, double Value);

using Grainy.Core.Denoising;
using Grainy.Core.Images;
using static TorchSharp.torch;

namespace Grainy.Core.Training;

/// <summary>
/// What a method of training contributes to <see cref="TrainingRun"/>: its network, the loss of a step, and how weights become a model. Everything it draws at
/// random depends on the seed and the number of the step alone, so that a resumed run draws the same.
/// </summary>
internal interface ITrainingObjective : IDisposable
{
    /// <summary>All numbers that are trained; started by the constructor. Owned by the objective.</summary>
    FlatParameters Parameters { get; }

    /// <summary>Standard deviation of the noise that is assumed for each image, on the images' own scale; empty where the method assumes none.</summary>
    IReadOnlyList<double> Sigmas => [];

    /// <summary>Loss of one step, with a path back to <see cref="Parameters"/>; called inside a dispose scope.</summary>
    /// <param name="step">Steps done before; 0 for the first.</param>
    /// <param name="fraction">Share of the run that is done after this step, in (0, 1].</param>
    /// <returns>A tensor without axes, float32 or float64.</returns>
    Tensor Loss(long step, double fraction);

    /// <summary>The middle of the first image as <see cref="Parameters"/> denoise it now: a square of at most <paramref name="side"/> pixels, on the image's scale.</summary>
    ImageBuffer Preview(int side);

    /// <summary>How <see cref="Parameters"/> do on held-out data now; null where there is none.</summary>
    double? Validate() => null;

    /// <summary>A model of these weights, which <see cref="Parameters"/> hold as well.</summary>
    /// <param name="weights">As long as <see cref="Parameters"/>; becomes the model's own.</param>
    /// <param name="run">What was done, for the card.</param>
    DenoiserModel Export(float[] weights, TrainingSummary run);
}

/// <summary>What a run has done.</summary>
/// <param name="Steps">Optimiser steps.</param>
/// <param name="Seconds">Of compute.</param>
/// <param name="Skipped">Steps left out because a gradient was not finite.</param>
/// <param name="Curve">What held-out data said on the way.</param>
internal sealed record TrainingSummary(long Steps, double Seconds, long Skipped, IReadOnlyList<ValidationPoint> Curve);

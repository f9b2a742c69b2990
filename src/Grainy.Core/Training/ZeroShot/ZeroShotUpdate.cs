using Grainy.Core.Denoising;
using Grainy.Core.Images;

namespace Grainy.Core.Training.ZeroShot;

/// <summary>Why a zero-shot run ended.</summary>
public enum ZeroShotEnd
{
    /// <summary>The error on held-out pixels got no better.</summary>
    Settled,

    /// <summary>The most steps were done.</summary>
    Steps,

    /// <summary>The time was spent; more would still have helped.</summary>
    Budget,
}

/// <summary>How far a zero-shot run has come.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Fraction">Share of the steps or of the time that is spent at most, in [0, 1]; jumps to 1 when the run ends by itself.</param>
/// <param name="ElapsedSeconds">Compute time so far.</param>
/// <param name="HeldOut">Lowest mean squared error so far on pixels that were never learned from, noise included, on the network's scale; null before the first check.</param>
/// <param name="End">Why it ended; set in the last update only.</param>
/// <param name="Result">The denoised image, with the size and scale of the input; set in the last update only.</param>
/// <param name="Model">What denoised it; set in the last update only.</param>
public sealed record ZeroShotUpdate(
    long Step, double Fraction, double ElapsedSeconds, double? HeldOut, ZeroShotEnd? End = null, ImageBuffer? Result = null, DenoiserModel? Model = null);

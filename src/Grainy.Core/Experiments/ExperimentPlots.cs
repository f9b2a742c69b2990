namespace Grainy.Core.Experiments;

/// <summary>What the plots of the experiments show.</summary>
public static class ExperimentPlots
{
    /// <summary>All plots, in the order of a report.</summary>
    public static IReadOnlyList<ExperimentPlot> All { get; } =
    [
        new("A", "Quality by the number of scenes", "scenes", "PSNR, dB", true),
        new("B", "What a shifted second frame costs", "shift, pixels", "PSNR, dB", false),
        new("B2", "What a brighter second frame costs", "brighter by, per cent", "PSNR, dB", false),
        new("C", "A fixed budget of exposures, split", "frames per scene", "PSNR, dB", true),
        new("D", "What may a clean image cost? The same budget as pairs, or as fewer scenes with clean targets", "price of a clean image in exposures", "PSNR, dB", true),
        new("E", "Gain as exposures that would have to be averaged", "frames per scene", "frames", true),
        new("F", "Quality by time", "seconds of training", "PSNR, dB", true),
        new("F2", "Quality by steps", "optimiser steps", "PSNR, dB", true),
        new("G", "How much a step learns from a batch: squared mean of the gradient over its scatter", "optimiser steps", "signal to noise of the gradient", true),
        new("H", "Are predicted errors right?", "predicted error", "actual error", false),
        new("I", "What is left in the difference: correlation of neighbours (1) and with detail (2)", "kind", "correlation", false),
    ];
}

/// <summary>One plot.</summary>
/// <param name="Name">Its letter.</param>
/// <param name="Title">What it shows.</param>
/// <param name="XTitle">Axis and unit.</param>
/// <param name="YTitle">Axis and unit.</param>
/// <param name="Logarithmic">True where x is laid out by its logarithm.</param>
public sealed record ExperimentPlot(string Name, string Title, string XTitle, string YTitle, bool Logarithmic);

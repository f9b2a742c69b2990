namespace Grainy.Core.Experiments;

/// <summary>One measured point of one plot.</summary>
/// <param name="Plot">A letter, see <see cref="ExperimentPlots"/>.</param>
/// <param name="Series">The curve it belongs to.</param>
/// <param name="X">Where on the plot.</param>
/// <param name="Repeat">Which of the trainings of the kind, from 1.</param>
/// <param name="Value">What was measured, in the plot's unit; for PSNR without use of a clean image: by a second frame.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of its 95 % interval.</param>
/// <param name="Truth">The same against the clean image, where there is one.</param>
/// <param name="Steps">Optimiser steps behind it.</param>
/// <param name="Seconds">Seconds of training behind it; the machine's other work stretches them.</param>
public sealed record ExperimentRow(string Plot, string Series, double X, int Repeat, double Value, double Low, double High, double? Truth, long Steps, double Seconds);

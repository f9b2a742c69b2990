namespace Grainy.Core.Training;

/// <summary>Names of the ways in which a step is made of a gradient.</summary>
public static class Optimizers
{
    /// <summary>Adam (Kingma, Ba 2015), as in the papers of the methods.</summary>
    public const string Adam = "adam";

    /// <summary>
    /// Muon (Jordan et al. 2024): the kernels of all layers but the first and the last move along the nearest orthogonal matrix to their smoothed gradient, so that all its
    /// directions are learned at one pace; the rest moves as under Adam.
    /// </summary>
    public const string Muon = "muon";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [Adam, Muon];
}

using Grainy.Core.Attacks;
using Grainy.Core.Images;

namespace Grainy.Cli.Attacks;

/// <summary>All pictures of an attack on one.</summary>
internal static class AttackSheet
{
    private const double Gain = 4;

    /// <summary>
    /// First row: reference, anchor, target (if there is one), result, and what the result has over the target (or reference), four times enlarged around grey.
    /// Second row: the snapshots.
    /// </summary>
    public static ImageBuffer Of(AttackReport report, IEnumerable<ImageBuffer> snapshots)
    {
        var over = ContactSheet.Difference(report.Picture, report.Target ?? report.Reference, Gain);
        return ContactSheet.Compose([[report.Reference, report.Anchor, .. report.Target is { } target ? [target] : Array.Empty<ImageBuffer>(), report.Picture, over], [.. snapshots]]);
    }
}

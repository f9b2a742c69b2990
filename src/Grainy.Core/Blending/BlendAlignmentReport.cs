using Grainy.Core.Training.Registration;

namespace Grainy.Core.Blending;

/// <summary>How images of a blend lie to each other.</summary>
/// <param name="Sizes">Width and height of each.</param>
/// <param name="SameSize">True when they can be blended as they are.</param>
/// <param name="Shifts">Of the second and all further images against the first; empty where sizes differ or are below 32 pixels.</param>
public sealed record BlendAlignmentReport(IReadOnlyList<(int Width, int Height)> Sizes, bool SameSize, IReadOnlyList<PairAlignment> Shifts)
{
    /// <summary>True when two images show the same scene by at least a pixel apart: aligning them first makes a sharper blend.</summary>
    public bool IsShifted => Shifts.Any(shift => shift is { IsShifted: true, ShowsAnotherScene: false } && shift.Shift >= 0.75);

    /// <summary>What a person should know, one sentence each; empty when the images fit.</summary>
    public IReadOnlyList<string> Words
    {
        get
        {
            if (!SameSize)
            {
                return [$"The images differ in size ({string.Join(", ", Sizes.Select(size => $"{size.Width} × {size.Height}"))}): crop them to their middle, or fit them to the first."];
            }

            return [.. Shifts.Select((shift, i) => (shift, number: i + 2))
                .Where(item => item.shift is { IsShifted: true, ShowsAnotherScene: false } && item.shift.Shift >= 0.75)
                .Select(item => $"Image {item.number} shows the scene of image 1 shifted by {Way(item.shift)}: align it first.")];
        }
    }

    /// <summary>A shift for people.</summary>
    internal static string Way(PairAlignment shift) => FormattableString.Invariant(
        $"{Math.Abs(shift.ShiftX):0.0} pixels to the {(shift.ShiftX < 0 ? "left" : "right")} and {Math.Abs(shift.ShiftY):0.0} {(shift.ShiftY < 0 ? "up" : "down")}");
}

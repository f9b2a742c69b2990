namespace Grainy.Core.Blending;

/// <summary>How a chain of blends is computed.</summary>
public sealed record BlendOptions
{
    /// <summary>Frames including both ends, 3 to 33.</summary>
    public int Frames { get; init; } = 9;

    /// <summary>Longer side of the frames in pixels, 64 to 1024.</summary>
    public int Size { get; init; } = 256;

    /// <summary>Optimisation steps per frame, 10 to 5,000.</summary>
    public int StepsPerFrame { get; init; } = 150;

    /// <summary>Seed of the random transforms; the same seed gives the same frames on the same device.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Frames that are there already.</summary>
    public IReadOnlySet<int> Skip { get; init; } = new HashSet<int>();

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    public BlendOptions Validated()
    {
        Require(Frames is >= 3 and <= 33, nameof(Frames), Frames, "A blend has 3 to 33 frames.");
        Require(Size is >= 64 and <= 1024, nameof(Size), Size, "The longer side of a blend is 64 to 1,024 pixels.");
        Require(StepsPerFrame is >= 10 and <= 5000, nameof(StepsPerFrame), StepsPerFrame, "A frame takes 10 to 5,000 steps.");
        return this;
    }

    private static void Require(bool holds, string name, int value, string message)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, message);
        }
    }
}

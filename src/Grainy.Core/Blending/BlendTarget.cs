namespace Grainy.Core.Blending;

/// <summary>One frame of a blend: which mixture of the images it stands for.</summary>
/// <param name="Index">Number of the frame within the blend, at least 0; each is used once.</param>
/// <param name="Weights">One per image, each in [0, 1], their sum 1 within 10⁻⁶. A weight of 1 is that image itself.</param>
public sealed record BlendTarget(int Index, IReadOnlyList<double> Weights)
{
    /// <summary>Number of the image that this frame is, or −1 for a true mixture.</summary>
    public int Corner
    {
        get
        {
            for (var i = 0; i < Weights.Count; i++)
            {
                if (Weights[i] >= 1 - 1e-9)
                {
                    return i;
                }
            }

            return -1;
        }
    }

    /// <summary>Euclidean distance between the weights of two frames of the same images, in [0, √2].</summary>
    public static double Distance(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return Math.Sqrt(first.Zip(second, (a, b) => (a - b) * (a - b)).Sum());
    }
}

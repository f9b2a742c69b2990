namespace Grainy.Core.Convolutions;

/// <summary>
/// Short convolutions with few multiplications (Winograd 1980; Lavin, Gray 2016): m outputs of a kernel of r from m + r − 1 products, y = A·((G·g) ∘ (B·d)), made from
/// points by the method of Toom and Cook. Rounding, measured in float32 against the spread of the result: 1·10⁻⁶ for four outputs and r = 3, 3·10⁻⁶ for four and r = 5
/// or six and r = 3, where plain sums have 3 to 5·10⁻⁷. Ten products, the next size, would lose ten times as much.
/// </summary>
/// <remarks>The points come in pairs ±p, so that B and A fall into an even and an odd half; <see cref="IShortConvolution"/> writes them out.</remarks>
internal static class Winograd
{
    /// <summary>Outputs along a side of a tile.</summary>
    public const int Outputs = 4;

    /// <summary>The same of <see cref="KernelOfThreeWide"/>.</summary>
    public const int WideOutputs = 6;

    /// <summary>G, [products, kernel]: the powers of each point over the product of its distances to the others; infinity comes last.</summary>
    public static double[,] KernelMatrix(int kernel, int outputs = Outputs)
    {
        double[] points = outputs + kernel - 1 == 6 ? [0, 1, -1, 2, -2] : [0, 1, -1, 0.5, -0.5, 2, -2];
        var g = new double[points.Length + 1, kernel];
        for (var i = 0; i < points.Length; i++)
        {
            var distances = points.Where((_, j) => j != i).Aggregate(1.0, (product, other) => product * (points[i] - other));
            for (var power = 0; power < kernel; power++)
            {
                g[i, power] = Math.Pow(points[i], power) / distances;
            }
        }

        g[points.Length, kernel - 1] = 1;
        return g;
    }
}

using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Grainy.Core.Denoising;

/// <summary>
/// The layers whose output at row r sees no input row below r (Laine et al. 2019, section 3). All take and return <c>[N, C, H, W]</c> with channels-last strides;
/// none changes its arguments.
/// </summary>
internal static class HalfPlane
{
    private static readonly Scalar Slope = 0.1;

    // Rows of kernel taps that fall on the same low-resolution row or column when the input is doubled by nearest neighbour, see UpConvolution.
    private static readonly float[,,] RowTaps = { { { 1, 1, 0 }, { 0, 0, 1 } }, { { 1, 0, 0 }, { 0, 1, 1 } } };
    private static readonly float[,,] ColumnTaps = { { { 1, 0, 0 }, { 0, 1, 1 } }, { { 1, 1, 0 }, { 0, 0, 1 } } };

    /// <summary>3×3 convolution over rows r−2…r: two zero rows on top instead of one on each side. No crop is needed afterwards.</summary>
    public static Tensor Convolution(Tensor x, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        return F.conv2d(F.pad(x, [0, 0, 2, 0]), weight, bias, padding: [0, 1]).MoveToOuterDisposeScope();
    }

    /// <summary>As above, followed by the leaky rectifier.</summary>
    public static Tensor Layer(Tensor x, Tensor weight, Tensor bias) => Rectify(Convolution(x, weight, bias));

    /// <summary>The leaky rectifier in place: the backward pass of a convolution does not need its output.</summary>
    public static Tensor Rectify(Tensor x) => x.leaky_relu_(Slope).alias();

    /// <summary>Moves the map down by one row, then takes 2×2 maxima: pooled row i sees rows ≤ 2i. H and W must be even.</summary>
    public static Tensor Pool(Tensor x)
    {
        using var scope = NewDisposeScope();
        return F.max_pool2d(F.pad(x, [0, 0, 1, 0]), [2, 2]).MoveToOuterDisposeScope(); // the odd row at the bottom falls off
    }

    /// <summary>Moves the map down: output row r sees rows ≤ r − <paramref name="rows"/>.</summary>
    public static Tensor Shift(Tensor x, int rows = 1) => F.pad(x, [0, 0, rows, -rows]);

    /// <summary>
    /// What <see cref="Layer"/> gives for the concatenation of <paramref name="low"/>, doubled by nearest neighbour, and <paramref name="skip"/> — without
    /// making either.
    /// </summary>
    /// <param name="low">[N, C, H/2, W/2].</param>
    /// <param name="skip">[N, S, H, W].</param>
    /// <param name="weight">[O, C+S, 3, 3].</param>
    /// <param name="bias">[O].</param>
    /// <returns>[N, O, H, W].</returns>
    /// <remarks>
    /// Of the 3×3 taps on a doubled map, two always meet the same low-resolution sample in each direction, so each of the four output phases is a 2×2
    /// convolution of the low-resolution map with summed taps: 16 products per four outputs instead of 36.
    /// </remarks>
    public static Tensor UpLayer(Tensor low, Tensor skip, Tensor weight, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var channels = low.shape[1];
        var up = PhaseConvolution(low, weight.narrow(1, 0, channels));
        var side = Convolution(skip, weight.narrow(1, channels, skip.shape[1]), bias);
        return Rectify(side.add_(up, Arithmetic.One)).MoveToOuterDisposeScope();
    }

    private static Tensor PhaseConvolution(Tensor low, Tensor weight)
    {
        var (n, height, width, outputs, inputs) = (low.shape[0], low.shape[2], low.shape[3], weight.shape[0], low.shape[1]);

        // [O, C, 9]·[9, 16] → [O, C, column phase, row phase, 2, 2] → per column phase [(row phase, O), C, 2, 2].
        var summed = weight.reshape(outputs * inputs, 9).mm(Taps(weight.dtype, low.device)).view(outputs, inputs, 2, 2, 2, 2);
        var even = Phase(0, [1, 0, 1, 0]);
        var odd = Phase(1, [0, 1, 1, 0]);

        // [N, H/2, row phase, W/2, column phase, O]: the memory order of a channels-last [N, O, H, W].
        return stack([even, odd], 4).view(n, 2 * height, 2 * width, outputs).permute(0, 3, 1, 2);

        Tensor Phase(int column, long[] padding)
        {
            var kernel = summed.select(2, column).permute(2, 0, 1, 3, 4).reshape(2 * outputs, inputs, 2, 2);
            var rows = F.conv2d(F.pad(low, padding), kernel);
            return rows.permute(0, 2, 3, 1).reshape(n, height, width, 2, outputs).permute(0, 1, 3, 2, 4);
        }
    }

    // [9, 16]: from a 3×3 tap to (column phase, row phase, row, column) of the 2×2 kernels.
    private static Tensor Taps(ScalarType type, Device device)
    {
        var taps = new float[9 * 16];
        for (var tap = 0; tap < 9; tap++)
        {
            for (var place = 0; place < 16; place++)
            {
                var (columnPhase, rowPhase, row, column) = (place >> 3, (place >> 2) & 1, (place >> 1) & 1, place & 1);
                taps[(tap * 16) + place] = RowTaps[rowPhase, row, tap / 3] * ColumnTaps[columnPhase, column, tap % 3];
            }
        }

        return tensor(taps, [9, 16], dtype: type, device: device);
    }
}

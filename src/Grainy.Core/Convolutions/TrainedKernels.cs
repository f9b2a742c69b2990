using System.Runtime.Intrinsics;

namespace Grainy.Core.Convolutions;

/// <summary>Kernels of three that change from step to step, transformed for forward and backward passes; and the way back for their gradients.</summary>
internal static unsafe class TrainedKernels
{
    private const int Products = 6;
    private const int Taps = 9;
    private const int Lanes = 8;

    // G of the kernel of three, [6, 3].
    private static readonly float[] G = [.. Winograd.KernelMatrix(3).Cast<double>().Select(value => (float)value)];

    /// <summary>Rounds up to whole columns of <see cref="Convolutions.Products"/>, which the head of a network uses.</summary>
    public static int Padded(int channels) => (channels + Convolutions.Products.Channels - 1) / Convolutions.Products.Channels * Convolutions.Products.Channels;

    /// <summary>G·g·Gᵀ of all kernels, <c>[36, columns / 24, rows, 24]</c>, the columns rounded up to whole twenty-fours.</summary>
    /// <param name="kernels"><c>[O, C, 3, 3]</c>.</param>
    /// <param name="output">O.</param>
    /// <param name="input">C.</param>
    /// <param name="backward">False: rows are inputs, columns outputs. True: rows are outputs, columns inputs, and the kernels are turned round.</param>
    /// <param name="to">Where to; padding is zero, or not written.</param>
    public static void Transform(float* kernels, int output, int input, bool backward, float[] to)
    {
        var (rows, columns) = backward ? (output, input) : (input, output);
        var (rowStep, columnStep) = backward ? (input * Taps, Taps) : (Taps, input * Taps);
        var size = WideProducts.Padded(columns) * rows;
        Spread.For(rows, row =>
        {
            // Eight columns at once.
            var taps = stackalloc float[Taps * Lanes];
            var half = stackalloc Vector256<float>[Products * 3];
            fixed (float* target = to)
            {
                for (var column = 0; column < columns; column += Lanes)
                {
                    var many = Math.Min(Lanes, columns - column);
                    new Span<float>(taps, many < Lanes ? Taps * Lanes : 0).Clear();
                    for (var lane = 0; lane < many; lane++)
                    {
                        var kernel = kernels + ((long)row * rowStep) + ((long)(column + lane) * columnStep);
                        for (var tap = 0; tap < Taps; tap++)
                        {
                            taps[(tap * Lanes) + lane] = kernel[backward ? Taps - 1 - tap : tap];
                        }
                    }

                    for (var at = 0; at < Products * 3; at++)
                    {
                        half[at] = Combined(at / 3, taps + (at % 3 * Lanes), 3 * Lanes);
                    }

                    var place = target + ((((column / WideProducts.Channels) * rows) + row) * WideProducts.Channels) + (column % WideProducts.Channels);
                    for (var square = 0; square < Products * Products; square++, place += size)
                    {
                        Combined(square % Products, (float*)(half + (square / Products * 3)), Lanes).Store(place);
                    }
                }
            }
        });
    }

    /// <summary>Gᵀ·m·G: gradients of the products as those of the kernels.</summary>
    /// <param name="sums"><c>[parts, 36, rows, columns]</c>, added up over the parts in their order.</param>
    /// <param name="parts">How many.</param>
    /// <param name="rows">Room for inputs.</param>
    /// <param name="columns">Room for outputs.</param>
    /// <param name="gradients"><c>[O, C, 3, 3]</c>; overwritten.</param>
    /// <param name="output">O.</param>
    /// <param name="input">C.</param>
    public static void Gradients(float* sums, int parts, int rows, int columns, float* gradients, int output, int input) => Spread.For(input, row =>
    {
        var total = stackalloc Vector256<float>[Products * Products];
        var half = stackalloc Vector256<float>[Products * 3];
        for (var column = 0; column < output; column += Vector256<float>.Count)
        {
            for (var square = 0; square < Products * Products; square++)
            {
                var from = sums + ((long)square * rows * columns) + (row * columns) + column;
                var sum = Vector256.Load(from);
                for (var part = 1; part < parts; part++)
                {
                    sum += Vector256.Load(from + ((long)part * Products * Products * rows * columns));
                }

                total[square] = sum;
            }

            for (var i = 0; i < Products; i++)
            {
                Gathered(total + (i * Products), half + i, Products);
            }

            var taps = total;
            for (var tap = 0; tap < 3; tap++)
            {
                Gathered(half + (tap * Products), taps + tap, 3);
            }

            for (var lane = 0; lane < Math.Min(Vector256<float>.Count, output - column); lane++)
            {
                for (var tap = 0; tap < Taps; tap++)
                {
                    gradients[((((column + lane) * input) + row) * Taps) + tap] = taps[tap][lane];
                }
            }
        }
    });

    // A row of G times three taps.
    private static Vector256<float> Combined(int row, float* taps, int step) =>
        (Vector256.Load(taps) * G[row * 3]) + (Vector256.Load(taps + step) * G[(row * 3) + 1]) + (Vector256.Load(taps + (2 * step)) * G[(row * 3) + 2]);

    // Gᵀ·m in one direction.
    private static void Gathered(Vector256<float>* from, Vector256<float>* to, int toStep)
    {
        for (var tap = 0; tap < 3; tap++)
        {
            var sum = from[0] * G[tap];
            for (var i = 1; i < Products; i++)
            {
                sum += from[i] * G[(i * 3) + tap];
            }

            to[tap * toStep] = sum;
        }
    }
}

using System.Runtime.Intrinsics;

namespace Grainy.Core.Convolutions;

/// <summary>Kernels of three that change from step to step, transformed for forward and backward passes; and the way back for their gradients.</summary>
internal static unsafe class TrainedKernels
{
    private const int Products = 6;

    // G of the kernel of three, [6, 3].
    private static readonly float[] G = [.. Winograd.KernelMatrix(3).Cast<double>().Select(value => (float)value)];

    /// <summary>Rounds up to whole columns of <see cref="Convolutions.Products"/>.</summary>
    public static int Padded(int channels) => (channels + Convolutions.Products.Channels - 1) / Convolutions.Products.Channels * Convolutions.Products.Channels;

    /// <summary>G·g·Gᵀ of all kernels, <c>[36, Padded(columns) / 16, rows, 16]</c>; what is padding is zero.</summary>
    /// <param name="kernels"><c>[O, C, 3, 3]</c>.</param>
    /// <param name="output">O.</param>
    /// <param name="input">C.</param>
    /// <param name="backward">False: rows are inputs, columns outputs. True: rows are outputs, columns inputs, and the kernels are turned round.</param>
    /// <param name="rows">At least as many as there are.</param>
    /// <param name="to">Where to.</param>
    public static void Transform(float* kernels, int output, int input, bool backward, int rows, float[] to)
    {
        var columns = Padded(backward ? input : output);
        Spread.For(backward ? output : input, row =>
        {
            var half = stackalloc float[Products * 3];
            for (var column = 0; column < (backward ? input : output); column++)
            {
                var kernel = kernels + ((backward ? (row * input) + column : (column * input) + row) * 9);
                for (var i = 0; i < Products; i++)
                {
                    for (var b = 0; b < 3; b++)
                    {
                        half[(i * 3) + b] = backward
                            ? (G[i * 3] * kernel[8 - b]) + (G[(i * 3) + 1] * kernel[5 - b]) + (G[(i * 3) + 2] * kernel[2 - b])
                            : (G[i * 3] * kernel[b]) + (G[(i * 3) + 1] * kernel[3 + b]) + (G[(i * 3) + 2] * kernel[6 + b]);
                    }
                }

                var at = (((column / Convolutions.Products.Channels) * rows) + row) * Convolutions.Products.Channels + (column % Convolutions.Products.Channels);
                for (var square = 0; square < Products * Products; square++)
                {
                    var (i, j) = (square / Products * 3, square % Products * 3);
                    to[(square * columns * rows) + at] = (half[i] * G[j]) + (half[i + 1] * G[j + 1]) + (half[i + 2] * G[j + 2]);
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
                Taps(total + (i * Products), half + i, Products);
            }

            var taps = total;
            for (var tap = 0; tap < 3; tap++)
            {
                Taps(half + (tap * Products), taps + tap, 3);
            }

            for (var lane = 0; lane < Math.Min(Vector256<float>.Count, output - column); lane++)
            {
                for (var tap = 0; tap < 9; tap++)
                {
                    gradients[((((column + lane) * input) + row) * 9) + tap] = taps[tap][lane];
                }
            }
        }
    });

    // Gᵀ·m in one direction.
    private static void Taps(Vector256<float>* from, Vector256<float>* to, int toStep)
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

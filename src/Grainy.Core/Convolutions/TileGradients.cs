using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grainy.Core.Convolutions;

/// <summary>The transforms of <see cref="KernelOfThree"/> that only gradients need, for eight channels at once.</summary>
internal static unsafe class TileGradients
{
    private const int Lanes = 8;
    private const int Products = 6;

    /// <summary>Aᵀ·d·A: the gradients of a tile's outputs as gradients of its products. The sum of the tile is the one at row 1, column 1.</summary>
    /// <param name="tile">Its first pixel.</param>
    /// <param name="lineStep">Numbers between rows.</param>
    /// <param name="step">Numbers between pixels.</param>
    /// <param name="inside">What of it lies in the image.</param>
    /// <param name="to">The first result.</param>
    /// <param name="toStep">Numbers between results.</param>
    /// <param name="room">Of <see cref="TileTransforms.Room"/> numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Spread(float* tile, nint lineStep, nint step, TileTransforms.Part inside, float* to, nint toStep, float* room)
    {
        if (!inside.IsWhole(Winograd.Outputs))
        {
            var copy = room + (Products * Products * Lanes);
            inside.Copy(tile, lineStep, step, Winograd.Outputs, copy);
            tile = copy;
            (lineStep, step) = (Winograd.Outputs * Lanes, Lanes);
        }

        for (var column = 0; column < Winograd.Outputs; column++)
        {
            Six(tile + (column * step), lineStep, room + (column * Lanes), Products * Lanes);
        }

        for (var row = 0; row < Products; row++)
        {
            Six(room + (row * Products * Lanes), Lanes, to + (row * Products * toStep), toStep);
        }
    }

    /// <summary>A·m·Aᵀ of a tile's products into gradients.</summary>
    /// <param name="from">The first product.</param>
    /// <param name="step">Numbers between products.</param>
    /// <param name="tile">The tile's first pixel in the gradients; of half the row and column where <paramref name="halve"/> is set.</param>
    /// <param name="values">The same pixel of what the rectifier gave, whose sign tells its slope; null where there was none.</param>
    /// <param name="lineStep">Numbers between rows of both.</param>
    /// <param name="toStep">Numbers between pixels of both.</param>
    /// <param name="inside">What of the tile lies in the image.</param>
    /// <param name="slope">Of the rectifier.</param>
    /// <param name="halve">Sums of 2 × 2, for maps that were doubled.</param>
    /// <param name="room">Of <see cref="TileTransforms.Room"/> numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output(
        float* from, nint step, float* tile, float* values, nint lineStep, nint toStep, TileTransforms.Part inside, float slope, bool halve, float* room)
    {
        for (var column = 0; column < Products; column++)
        {
            var to = room + (column * Lanes);
            if (halve)
            {
                if (column != TileInputs.NothingDoubled)
                {
                    Pairs(from + (column * step), Products * step, out var upper, out var lower);
                    upper.Store(to);
                    lower.Store(to + (Products * Lanes));
                }

                continue;
            }

            KernelOfThree.Outputs(from + (column * step), Products * step, out var first, out var second, out var third, out var fourth);
            first.Store(to);
            second.Store(to + (Products * Lanes));
            third.Store(to + (2 * Products * Lanes));
            fourth.Store(to + (3 * Products * Lanes));
        }

        for (var row = 0; row < (halve ? inside.Bottom / 2 : inside.Bottom); row++)
        {
            var at = row * lineStep;
            if (halve)
            {
                Pairs(room + (row * Products * Lanes), Lanes, out var left, out var right);
                Store(left, at);
                if (inside.Right > 2)
                {
                    Store(right, at + toStep);
                }

                continue;
            }

            KernelOfThree.Outputs(room + (row * Products * Lanes), Lanes, out var first, out var second, out var third, out var fourth);
            Store(first, at);
            if (inside.Right > 1)
            {
                Store(second, at + toStep);
            }

            if (inside.Right > 2)
            {
                Store(third, at + (2 * toStep));
            }

            if (inside.Right > 3)
            {
                Store(fourth, at + (3 * toStep));
            }
        }

        void Store(Vector256<float> gradient, nint at) => (values is null ? gradient : Masked(gradient, Vector256.Load(values + at), slope)).Store(tile + at);
    }

    /// <summary>The gradient before a leaky rectifier, from the one behind it and what it gave.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Masked(Vector256<float> gradient, Vector256<float> value, float slope) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(value, default), gradient, gradient * slope);

    // Sums of the first two and of the last two outputs, in which the third product is missing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs(float* from, nint step, out Vector256<float> first, out Vector256<float> second)
    {
        var (m1, m3, m4) = (Vector256.Load(from + step) * 2, Vector256.Load(from + (3 * step)), Vector256.Load(from + (4 * step)));
        first = Vector256.Load(from) + m1 + Fma.MultiplyAdd(Vector256.Create(3f), m3, -m4);
        second = Vector256.Load(from + (5 * step)) + m1 + (Fma.MultiplyAdd(Vector256.Create(3f), m3, -m4) * 4);
    }

    // Powers of the points 0, ±1, ±2 and infinity.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Six(float* from, nint step, float* to, nint toStep)
    {
        var (d0, d1) = (Vector256.Load(from), Vector256.Load(from + step));
        var (d2, d3) = (Vector256.Load(from + (2 * step)), Vector256.Load(from + (3 * step)));
        d0.Store(to);
        var (even, odd) = (d0 + d2, d1 + d3);
        (even + odd).Store(to + toStep);
        (even - odd).Store(to + (2 * toStep));
        var four = Vector256.Create(4f);
        (even, odd) = (Fma.MultiplyAdd(four, d2, d0), Fma.MultiplyAdd(four, d3, d1) * 2);
        (even + odd).Store(to + (3 * toStep));
        (even - odd).Store(to + (4 * toStep));
        d3.Store(to + (5 * toStep));
    }
}

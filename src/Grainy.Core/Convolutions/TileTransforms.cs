using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Grainy.Core.Convolutions;

/// <summary>The transforms of whole tiles, for eight channels at once.</summary>
internal static unsafe class TileTransforms
{
    /// <summary>Numbers of room that a transform needs.</summary>
    public const int Room = 2 * 64 * Lanes;

    private const int Lanes = 8;

    /// <summary>B·d·Bᵀ of a tile of pixels.</summary>
    /// <param name="tile">Its first pixel, which may lie outside the image.</param>
    /// <param name="lineStep">Numbers between rows of the image.</param>
    /// <param name="step">Numbers between pixels.</param>
    /// <param name="inside">Rows and columns of the tile that lie in the image; the others count as zero.</param>
    /// <param name="to">The first result.</param>
    /// <param name="toStep">Numbers between results.</param>
    /// <param name="room">Of <see cref="Room"/> numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input<T>(float* tile, nint lineStep, nint step, Part inside, float* to, nint toStep, float* room)
        where T : struct, IShortConvolution
    {
        var n = T.Products;
        if (!inside.IsWhole(n))
        {
            var copy = room + (n * n * Lanes);
            inside.Copy(tile, lineStep, step, n, copy);
            tile = copy;
            (lineStep, step) = (n * Lanes, Lanes);
        }

        for (var column = 0; column < n; column++)
        {
            T.Inputs(tile + (column * step), lineStep, room + (column * Lanes), n * Lanes);
        }

        for (var row = 0; row < n; row++)
        {
            T.Inputs(room + (row * n * Lanes), Lanes, to + (row * n * toStep), toStep);
        }
    }

    /// <summary>A·m·Aᵀ of a tile's products, with bias and leaky rectifier.</summary>
    /// <param name="from">The first product.</param>
    /// <param name="step">Numbers between products.</param>
    /// <param name="tile">The tile's first pixel.</param>
    /// <param name="lineStep">Numbers between rows of the image.</param>
    /// <param name="toStep">Numbers between pixels.</param>
    /// <param name="inside">Rows and columns of the tile that lie in the image.</param>
    /// <param name="bias">Added.</param>
    /// <param name="slope">Of the rectifier, in [0, 1].</param>
    /// <param name="room">Of <see cref="Room"/> numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output<T>(float* from, nint step, float* tile, nint lineStep, nint toStep, Part inside, Vector256<float> bias, Vector256<float> slope, float* room)
        where T : struct, IShortConvolution
    {
        var n = T.Products;
        for (var column = 0; column < n; column++)
        {
            T.Outputs(from + (column * step), n * step, out var first, out var second, out var third, out var fourth);
            var to = room + (column * Lanes);
            first.Store(to);
            second.Store(to + (n * Lanes));
            third.Store(to + (2 * n * Lanes));
            fourth.Store(to + (3 * n * Lanes));
            if (T.Side > 4)
            {
                T.LastOutputs(from + (column * step), n * step, out var fifth, out var sixth);
                fifth.Store(to + (4 * n * Lanes));
                sixth.Store(to + (5 * n * Lanes));
            }
        }

        for (var row = 0; row < inside.Bottom; row++)
        {
            T.Outputs(room + (row * n * Lanes), Lanes, out var first, out var second, out var third, out var fourth);
            var line = tile + (row * lineStep);
            Products.Rectify(first + bias, slope).Store(line);
            if (inside.Right > 1)
            {
                Products.Rectify(second + bias, slope).Store(line + toStep);
            }

            if (inside.Right > 2)
            {
                Products.Rectify(third + bias, slope).Store(line + (2 * toStep));
            }

            if (inside.Right > 3)
            {
                Products.Rectify(fourth + bias, slope).Store(line + (3 * toStep));
            }

            if (T.Side > 4 && inside.Right > 4)
            {
                T.LastOutputs(room + (row * n * Lanes), Lanes, out var fifth, out var sixth);
                Products.Rectify(fifth + bias, slope).Store(line + (4 * toStep));
                if (inside.Right > 5)
                {
                    Products.Rectify(sixth + bias, slope).Store(line + (5 * toStep));
                }
            }
        }
    }

    /// <summary>Rows and columns of a tile, from and to.</summary>
    public readonly record struct Part(int Top, int Left, int Bottom, int Right)
    {
        /// <summary>Nothing of a tile of that side is missing.</summary>
        public bool IsWhole(int side) => Top <= 0 && Left <= 0 && Bottom >= side && Right >= side;

        /// <summary>Copies eight channels of a tile of that side, with zeros for what is missing.</summary>
        public void Copy(float* tile, nint lineStep, nint step, int side, float* to)
        {
            var (left, right) = (Math.Clamp(Left, 0, side), Math.Clamp(Right, 0, side));
            for (var row = 0; row < side; row++, tile += lineStep)
            {
                var within = row >= Top && row < Bottom;
                for (var column = 0; column < side; column++, to += Lanes)
                {
                    (within && column >= left && column < right ? Vector256.Load(tile + (column * step)) : default).Store(to);
                }
            }
        }
    }
}

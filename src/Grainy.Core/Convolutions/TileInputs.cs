using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grainy.Core.Convolutions;

/// <summary>Collects what lies under tiles of kernels of three, transformed, from one or more maps.</summary>
internal static unsafe class TileInputs
{
    /// <summary>The column of the 6 × 6 where a doubled map gives nothing, and the row and column that sums of 2 × 2 results do not need.</summary>
    public const int NothingDoubled = 2;

    private const int Lanes = 8;
    private const int Side = 6;

    /// <summary>Writes <c>[36, tiles, channels]</c>.</summary>
    /// <param name="sources">Their channels follow one another.</param>
    /// <param name="grid">Of the result of the convolution.</param>
    /// <param name="first">Tile.</param>
    /// <param name="count">Tiles.</param>
    /// <param name="offset">First row and column under a tile, counted from the tile's own; (−2, −1) for doubled maps.</param>
    /// <param name="channels">Of all sources together.</param>
    /// <param name="to">The first number.</param>
    /// <param name="toStep">Numbers between the 36.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transform(ReadOnlySpan<TileSource> sources, TileGrid grid, int first, int count, (int Row, int Column) offset, int channels, float* to, nint toStep)
    {
        var room = stackalloc float[TileTransforms.Room];
        var place = grid.Place(first);
        for (var tile = 0; tile < count; tile++)
        {
            var ((image, row, column), next) = (place, grid.After(place));
            place = next;
            var (top, left) = (row + offset.Row, column + offset.Column);
            var target = to + ((nint)tile * channels);
            foreach (var source in sources)
            {
                var map = source.Map;
                var inside = new TileTransforms.Part(-top, -left, source.Height - top, source.Width - left);
                if (source.Doubled)
                {
                    map.Prefetch(next.Image, next.Row / 2, (next.Column / 2) + 1, 2, 2);
                    for (var channel = 0; channel < map.Channels; channel += Lanes)
                    {
                        Doubled(map, image, row / 2, column / 2, channel, target + channel, toStep);
                    }
                }
                else
                {
                    // Two rows and columns are those of tiles before.
                    map.Prefetch(next.Image, next.Row + offset.Row + 2, next.Column + offset.Column + 2, Winograd.Outputs, Winograd.Outputs);
                    var (lineStep, step) = ((nint)map.Width * map.Channels, map.Channels);
                    var from = map.At(image, 0, 0) + (top * lineStep) + (left * step);
                    for (var channel = 0; channel < map.Channels; channel += Lanes)
                    {
                        TileTransforms.Input<KernelOfThree>(from + channel, lineStep, step, inside, target + channel, toStep, room);
                    }
                }

                target += map.Channels;
            }
        }
    }

    // Under a tile of a doubled map lie three rows, each twice, and four columns, the inner ones twice: a a b b c c and a b b c c d. Of the transforms' results, three
    // are then equal in the one direction, and one is nothing in the other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Doubled(FeatureMap map, int image, int row, int column, int channel, float* to, nint step)
    {
        var upper = row > 0 ? map.At(image, row - 1, 0) + channel : null;
        var middle = map.At(image, row, 0) + channel;
        var lower = row + 1 < map.Height ? map.At(image, row + 1, 0) + channel : null;
        var rows = stackalloc Vector256<float>[4 * 4];
        for (var i = 0; i < 4; i++)
        {
            var place = (column - 1 + i) * (nint)map.Channels;
            var inside = (uint)(column - 1 + i) < (uint)map.Width;
            var a = inside && upper is not null ? Vector256.Load(upper + place) : default;
            var b = inside ? Vector256.Load(middle + place) : default;
            var c = inside && lower is not null ? Vector256.Load(lower + place) : default;
            rows[i] = Fma.MultiplyAdd(Vector256.Create(4f), a, Fma.MultiplyAdd(Vector256.Create(-5f), b, c));
            rows[4 + i] = Fma.MultiplyAdd(Vector256.Create(-4f), a, Fma.MultiplyAdd(Vector256.Create(-3f), b, c));
            rows[8 + i] = Fma.MultiplyAdd(Vector256.Create(-2f), a, c + b);
            rows[12 + i] = Fma.MultiplyAdd(Vector256.Create(2f), a, Fma.MultiplyAdd(Vector256.Create(-3f), b, c));
        }

        Columns(rows, to, step);
        Columns(rows, to + (2 * Side * step), step);
        Columns(rows, to + (5 * Side * step), step);
        Columns(rows + 4, to + (Side * step), step);
        Columns(rows + 8, to + (3 * Side * step), step);
        Columns(rows + 12, to + (4 * Side * step), step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(Vector256<float>* values, float* to, nint step)
    {
        var (a, b, c, d) = (values[0], values[1], values[2], values[3]);
        Fma.MultiplyAdd(Vector256.Create(4f), a, Fma.MultiplyAdd(Vector256.Create(-5f), b, c)).Store(to);
        (Fma.MultiplyAdd(Vector256.Create(-4f), b, c) * 2).Store(to + step);
        Vector256<float>.Zero.Store(to + (NothingDoubled * step));
        var difference = c - b;
        (difference * 3).Store(to + (3 * step));
        (-difference).Store(to + (4 * step));
        Fma.MultiplyAdd(Vector256.Create(4f), b, Fma.MultiplyAdd(Vector256.Create(-5f), c, d)).Store(to + (5 * step));
    }
}

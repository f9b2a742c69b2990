using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Grainy.Core.Convolutions;

/// <summary>Collects what lies under tiles of kernels of three, transformed, from one or more maps.</summary>
internal static unsafe class TileInputs
{
    private const int Lanes = 8;
    private const int Side = 6;

    /// <summary>Writes <c>[36, tiles, channels]</c>.</summary>
    /// <param name="sources">Their channels follow one another.</param>
    /// <param name="grid">Of the result of the convolution.</param>
    /// <param name="first">Tile.</param>
    /// <param name="count">Tiles.</param>
    /// <param name="offset">First row and column under a tile, counted from the tile's own.</param>
    /// <param name="channels">Of all sources together.</param>
    /// <param name="to">The first number.</param>
    /// <param name="toStep">Numbers between the 36.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transform(ReadOnlySpan<TileSource> sources, TileGrid grid, int first, int count, (int Row, int Column) offset, int channels, float* to, nint toStep)
    {
        var room = stackalloc float[TileTransforms.Room];
        for (var tile = 0; tile < count; tile++)
        {
            var (image, row, column) = grid.Place(first + tile);
            var (top, left) = (row + offset.Row, column + offset.Column);
            var target = to + ((nint)tile * channels);
            foreach (var source in sources)
            {
                var map = source.Map;
                var inside = new TileTransforms.Part(-top, -left, source.Height - top, source.Width - left);
                if (source.Doubled)
                {
                    for (var channel = 0; channel < map.Channels; channel += Lanes)
                    {
                        Gather(map, image, top, left, channel, inside, room + (Side * Side * Lanes));
                        TileTransforms.Input<KernelOfThree>(
                            room + (Side * Side * Lanes), Side * Lanes, Lanes, new TileTransforms.Part(0, 0, Side, Side), target + channel, toStep, room);
                    }
                }
                else
                {
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

    // A patch of the doubled map.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(FeatureMap map, int image, int top, int left, int channel, TileTransforms.Part inside, float* to)
    {
        for (var row = 0; row < Side; row++)
        {
            var within = row >= inside.Top && row < inside.Bottom;
            var line = map.At(image, within ? (top + row) >> 1 : 0, 0) + channel;
            for (var column = 0; column < Side; column++, to += Lanes)
            {
                (within && column >= inside.Left && column < inside.Right ? Vector256.Load(line + (((left + column) >> 1) * (nint)map.Channels)) : default).Store(to);
            }
        }
    }
}

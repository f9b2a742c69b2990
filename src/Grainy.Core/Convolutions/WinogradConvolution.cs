using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Convolutions;

/// <summary>A convolution of stride 1, tile by tile by <see cref="Winograd"/>: a fourth to a sixth of the multiplications of the plain one.</summary>
internal sealed unsafe class WinogradConvolution : VectorConvolution
{
    private const int Lanes = 8;
    private const int ChannelsAtOnce = 64;

    // Tiles of a part: few enough for its numbers to stay in a processor's own cache, unless there are so many kernels that reading them again costs more.
    private const int FewestTiles = 36;
    private const int MostTiles = 144;
    private const int Cache = 150_000;

    private readonly int _side;
    private readonly int _products;
    private readonly int _padding;
    private readonly float[] _kernels; // [products², O / 16, C, 16]
    private readonly float[] _bias;
    private readonly int _input;

    /// <param name="kernels"><c>[O, C, r, r]</c>, float32 on the CPU; borrowed.</param>
    /// <param name="bias"><c>[O]</c>; borrowed.</param>
    /// <param name="padding">Zeros on each side.</param>
    public WinogradConvolution(Tensor kernels, Tensor bias, int padding)
    {
        var shape = kernels.Require("O C R R");
        (_side, _input, _products, _padding) = ((int)shape[2], (int)shape[1], Winograd.Products((int)shape[2]), padding);
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        _bias = bias.detach().contiguous().data<float>().ToArray();
        // G·g·Gᵀ in float64, then in the order in which it is read.
        var g = tensor(Winograd.KernelMatrix(_side).Cast<double>().ToArray(), [_products, _side]);
        var transformed = einsum("ia,ocab,jb->ijoc", g, kernels.detach().to(float64), g).to(float32);
        var ordered = transformed.reshape(_products * _products, shape[0] / Products.Channels, Products.Channels, shape[1]).permute(0, 1, 3, 2).contiguous();
        _kernels = new float[ordered.numel()];
        ordered.bytes.CopyTo(MemoryMarshal.AsBytes(_kernels.AsSpan()));
    }

    public override int Outputs => _bias.Length;

    /// <summary>True when this is implemented for the kernels of a convolution of stride 1 and the processor, and faster than the plain one.</summary>
    public static new bool Suits(Tensor kernels) =>
        VectorConvolution.Suits(kernels) && kernels.shape is [_, var input, 3 or 5, _] && input % Lanes == 0 && input >= 16;

    public override (int Height, int Width) SizeFor(FeatureMap images) => (images.Height + (2 * _padding) - _side + 1, images.Width + (2 * _padding) - _side + 1);

    public override void Run(FeatureMap images, FeatureMap target, int channel, float slope, int from = 0)
    {
        RequireChannels(images, from, _input);
        var grid = new Grid(_padding, images.Height, images.Width, target.Height, target.Width);
        var tiles = images.Count * grid.Down * grid.Across;
        var most = _kernels.Length > 2 * Cache
            ? MostTiles
            : Math.Clamp(Cache / (_products * _products * (_input + Math.Min(ChannelsAtOnce, Outputs))) / Products.Rows * Products.Rows, FewestTiles, MostTiles);
        var atOnce = Math.Min(most, (((tiles + Spread.Threads - 1) / Spread.Threads) + Products.Rows - 1) / Products.Rows * Products.Rows);
        Spread.For((tiles + atOnce - 1) / atOnce, part =>
        {
            var (first, count) = (part * atOnce, Math.Min(atOnce, tiles - (part * atOnce)));
            if (_side == 3)
            {
                Part<KernelOfThree>(images, from, target, channel, slope, grid, first, count, atOnce);
            }
            else
            {
                Part<KernelOfFive>(images, from, target, channel, slope, grid, first, count, atOnce);
            }
        });
    }

    private void Part<T>(FeatureMap images, int channelFrom, FeatureMap target, int channel, float slope, Grid grid, int first, int count, int rows)
        where T : struct, IShortConvolution
    {
        var squares = _products * _products;
        var wide = Math.Min(ChannelsAtOnce, _bias.Length);
        // A cache line more than needed: without it, the squares of a tile would often lie a multiple of 4 KiB apart and push each other out of the cache.
        var (inputStep, sumStep) = ((rows * _input) + Products.Channels, (rows * wide) + Products.Channels);
        using var inputs = new FeatureMap(1, 1, squares, inputStep);
        using var sums = new FeatureMap(1, 1, squares, sumStep);
        // Rows behind the last tile are computed with it and not read; they must only not slow it down.
        for (var square = 0; square < squares && count < rows; square++)
        {
            new Span<float>(inputs.Data + (square * inputStep) + (count * _input), (rows - count) * _input).Clear();
        }

        TransformInputs<T>(images, channelFrom, grid, first, count, inputs.Data, inputStep);
        for (var block = 0; block < _bias.Length; block += wide)
        {
            var now = Math.Min(wide, _bias.Length - block);
            Multiply(inputs.Data, inputStep, block, now, (count, wide), sums.Data, sumStep);
            TransformOutputs<T>(sums.Data, sumStep, wide, target, channel, slope, grid, (first, count), (block, now));
        }
    }

    private void Multiply(float* inputs, int inputStep, int block, int now, (int Count, int Wide) rows, float* sums, int sumStep)
    {
        fixed (float* kernels = _kernels)
        {
            for (var square = 0; square < _products * _products; square++)
            {
                for (var channel = 0; channel < now; channel += Products.Channels)
                {
                    var kernel = kernels + ((((long)square * _bias.Length) + block + channel) * _input);
                    // The next kernels, a share of them with each row: all of them together are more than the cache holds.
                    var next = kernel + (_input * Products.Channels);
                    var ahead = ((_input * Products.Rows / rows.Count) + 1) * Products.Channels;
                    for (var row = 0; row < rows.Count; row += Products.Rows, next += ahead)
                    {
                        for (var at = 0; at < ahead; at += Products.Channels)
                        {
                            Sse.Prefetch1(next + at);
                        }

                        Products.Multiply(
                            inputs + (square * inputStep) + (row * _input), _input, kernel, _input, sums + (square * sumStep) + (row * rows.Wide) + channel, rows.Wide);
                    }
                }
            }
        }
    }

    private void TransformInputs<T>(FeatureMap images, int channelFrom, Grid grid, int first, int count, float* target, int step)
        where T : struct, IShortConvolution
    {
        var room = stackalloc float[TileTransforms.Room];
        for (var tile = 0; tile < count; tile++)
        {
            var (image, row, column) = grid.Place(first + tile, Winograd.Outputs);
            var (top, left) = (row - grid.Padding, column - grid.Padding);
            images.Prefetch(image, top, left + _products, _products, Winograd.Outputs);
            var inside = new TileTransforms.Part(-top, -left, grid.Height - top, grid.Width - left);
            var from = images.At(image, 0, 0) + ((((long)top * grid.Width) + left) * images.Channels) + channelFrom;
            for (var channel = 0; channel < _input; channel += Lanes)
            {
                TileTransforms.Input<T>(from + channel, (nint)grid.Width * images.Channels, images.Channels, inside, target + (tile * _input) + channel, step, room);
            }
        }
    }

    private void TransformOutputs<T>(
        float* source, int step, int wide, FeatureMap target, int targetChannel, float slope, Grid grid, (int First, int Count) tiles, (int First, int Count) channels)
        where T : struct, IShortConvolution
    {
        var room = stackalloc float[TileTransforms.Room];
        fixed (float* bias = _bias)
        {
            for (var tile = 0; tile < tiles.Count; tile++)
            {
                var (image, row, column) = grid.Place(tiles.First + tile, Winograd.Outputs);
                var inside = new TileTransforms.Part(0, 0, Math.Min(Winograd.Outputs, target.Height - row), Math.Min(Winograd.Outputs, target.Width - column));
                var to = target.At(image, row, column) + targetChannel + channels.First;
                for (var at = 0; at < channels.Count; at += Lanes)
                {
                    TileTransforms.Output<T>(
                        source + (tile * wide) + at,
                        step,
                        to + at,
                        (nint)target.Width * target.Channels,
                        target.Channels,
                        inside,
                        Vector256.Load(bias + channels.First + at),
                        Vector256.Create(slope),
                        room);
                }
            }
        }
    }

    private readonly record struct Grid(int Padding, int Height, int Width, int ResultHeight, int ResultWidth)
    {
        // Tiles along the sides of the result.
        public int Down => (ResultHeight + Winograd.Outputs - 1) / Winograd.Outputs;

        public int Across => (ResultWidth + Winograd.Outputs - 1) / Winograd.Outputs;

        // Which image, and the first row and column of the result.
        public (int Image, int Row, int Column) Place(int tile, int side) =>
            (tile / (Down * Across), tile / Across % Down * side, tile % Across * side);
    }
}

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

    // Tiles of a part, and channels for whose products there is room at once: few enough for their numbers to stay in a processor's own cache, unless there are so many
    // kernels that reading them again costs more.
    private const int FewestTiles = 36;
    private const int Cache = 150_000;
    private const int ManyKernels = 1_000_000;

    // Kernels few enough that six outputs instead of four, which take more numbers for each kernel, spare more than they cost.
    private const int FewKernels = 4096;

    // How far ahead of its use the first level of the cache is asked for numbers.
    private const int Ahead = 32;

    private readonly int _side;
    private readonly int _outputs;
    private readonly int _products;
    private readonly int _padding;
    private readonly float[] _kernels; // [products², O / 16, C, 16]
    private readonly float[] _bias;
    private readonly int _input;
    private readonly int _mostTiles;
    private readonly int _channelsAtOnce;

    /// <param name="kernels"><c>[O, C, r, r]</c>, float32 on the CPU; borrowed.</param>
    /// <param name="bias"><c>[O]</c>; borrowed.</param>
    /// <param name="padding">Zeros on each side.</param>
    public WinogradConvolution(Tensor kernels, Tensor bias, int padding)
    {
        var shape = kernels.Require("O C R R");
        (_side, _input, _padding) = ((int)shape[2], (int)shape[1], padding);
        _outputs = _side == 3 && shape[0] * shape[1] <= FewKernels ? Winograd.WideOutputs : Winograd.Outputs;
        _products = _outputs + _side - 1;
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        _bias = bias.detach().contiguous().data<float>().ToArray();
        // G·g·Gᵀ in float64, then in the order in which it is read.
        var g = tensor(Winograd.KernelMatrix(_side, _outputs).Cast<double>().ToArray(), [_products, _side]);
        var transformed = einsum("ia,ocab,jb->ijoc", g, kernels.detach().to(float64), g).to(float32);
        var ordered = transformed.reshape(_products * _products, shape[0] / Products.Channels, Products.Channels, shape[1]).permute(0, 1, 3, 2).contiguous();
        _kernels = new float[ordered.numel()];
        ordered.bytes.CopyTo(MemoryMarshal.AsBytes(_kernels.AsSpan()));
        (_mostTiles, _channelsAtOnce) = HasManyKernels ? (144, Outputs) : _kernels.Length > 2 * Cache ? (64, 96) : (0, 64);
        _mostTiles = Math.Max(_mostTiles, Math.Clamp(Cache / (_products * _products * (_input + Math.Min(_channelsAtOnce, Outputs))), FewestTiles, 144));
    }

    public override int Outputs => _bias.Length;

    /// <summary>True when this is implemented for the kernels of a convolution of stride 1 and the processor, and faster than the plain one.</summary>
    public static new bool Suits(Tensor kernels) =>
        VectorConvolution.Suits(kernels) && kernels.shape is [_, var input, 3 or 5, _] && input % Lanes == 0 && input >= 16;

    public override (int Height, int Width) SizeFor(FeatureMap images) => (images.Height + (2 * _padding) - _side + 1, images.Width + (2 * _padding) - _side + 1);

    /// <summary>Rows and columns of the tiles, in outputs.</summary>
    public int TileSide => _outputs;

    public override void Run(FeatureMap images, FeatureMap target, int channel, float slope, int from = 0) =>
        Run(images, target, channel, slope, from, Spread.Threads);

    /// <summary>The same on so many threads at most.</summary>
    public void Run(FeatureMap images, FeatureMap target, int channel, float slope, int from, int threads)
    {
        RequireChannels(images, from, _input);
        var grid = new Grid(_outputs, _padding, images.Height, images.Width, target.Height, target.Width);
        var tiles = images.Count * grid.Down * grid.Across;
        // As many parts for each thread, so that none waits.
        var parts = (((tiles + _mostTiles - 1) / _mostTiles) + threads - 1) / threads * threads;
        var atOnce = Rows((tiles + parts - 1) / parts);
        Spread.For((tiles + atOnce - 1) / atOnce, threads, part =>
        {
            var (first, count) = (part * atOnce, Math.Min(atOnce, tiles - (part * atOnce)));
            switch (_side, _outputs)
            {
                case (3, Winograd.Outputs):
                    Part<KernelOfThree>(images, from, target, channel, slope, grid, first, count);
                    break;
                case (3, _):
                    Part<KernelOfThreeWide>(images, from, target, channel, slope, grid, first, count);
                    break;
                default:
                    Part<KernelOfFive>(images, from, target, channel, slope, grid, first, count);
                    break;
            }
        });
    }

    private bool HasManyKernels => _kernels.Length > ManyKernels;

    // Rows of products for so many tiles, made up of fours and sixes.
    private static int Rows(int tiles) => Math.Max(Products.FewerRows, (tiles + 1) / 2 * 2);

    private void Part<T>(FeatureMap images, int channelFrom, FeatureMap target, int channel, float slope, Grid grid, int first, int count)
        where T : struct, IShortConvolution
    {
        var (squares, rows) = (_products * _products, Rows(count));
        var wide = Math.Min(_channelsAtOnce, _bias.Length);
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
            Multiply(inputs.Data, inputStep, block, now, (rows, wide), sums.Data, sumStep);
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
                    var from = inputs + (square * inputStep);
                    var to = sums + (square * sumStep) + channel;
                    for (var row = 0; row < rows.Count; next += ahead)
                    {
                        for (var at = 0; at < ahead; at += Products.Channels)
                        {
                            Sse.Prefetch1(next + at);
                        }

                        // Fours for what is not a multiple of six.
                        var left = from + (row * _input);
                        var isSix = (rows.Count - row) % Products.Rows == 0;
                        if (isSix)
                        {
                            Products.Multiply(left, _input, kernel, _input, to + (row * rows.Wide), rows.Wide, left + (Products.Rows * _input));
                        }
                        else
                        {
                            Products.MultiplyFour(left, _input, kernel, _input, to + (row * rows.Wide), rows.Wide, left + (Products.FewerRows * _input));
                        }

                        row += isSix ? Products.Rows : Products.FewerRows;
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
            var (image, row, column) = grid.Place(first + tile);
            var (top, left) = (row - grid.Padding, column - grid.Padding);
            var inside = new TileTransforms.Part(-top, -left, grid.Height - top, grid.Width - left);
            var from = images.At(image, 0, 0) + ((((long)top * grid.Width) + left) * images.Channels) + channelFrom;
            for (var channel = 0; channel < _input; channel += Lanes)
            {
                var to = target + (tile * _input) + channel;
                Prefetch(to, step, channel);
                if (channel % Products.Channels == 0)
                {
                    // What of the next tile is not under this one.
                    images.Prefetch(image, top, left + _products, _products, _outputs, channelFrom + channel);
                }

                TileTransforms.Input<T>(from + channel, (nint)grid.Width * images.Channels, images.Channels, inside, to, step, room);
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
                var (image, row, column) = grid.Place(tiles.First + tile);
                var inside = new TileTransforms.Part(0, 0, Math.Min(_outputs, target.Height - row), Math.Min(_outputs, target.Width - column));
                var to = target.At(image, row, column) + targetChannel + channels.First;
                for (var at = 0; at < channels.Count; at += Lanes)
                {
                    var from = source + (tile * wide) + at;
                    Prefetch(from, step, at);
                    if (at % Products.Channels == 0)
                    {
                        target.Prefetch(image, row, column + _outputs, _outputs, _outputs, targetChannel + channels.First + at);
                    }

                    TileTransforms.Output<T>(
                        from,
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

    // Lines of all squares, a little ahead; every second vector begins one.
    private void Prefetch(float* place, nint step, int channel)
    {
        if (HasManyKernels && channel % Products.Channels == 0)
        {
            place += Ahead;
            for (var square = _products * _products; square > 0; square--, place += step)
            {
                Sse.Prefetch0(place);
            }
        }
    }

    private readonly record struct Grid(int Side, int Padding, int Height, int Width, int ResultHeight, int ResultWidth)
    {
        // Tiles along the sides of the result.
        public int Down => (ResultHeight + Side - 1) / Side;

        public int Across => (ResultWidth + Side - 1) / Side;

        // Which image, and the first row and column of the result.
        public (int Image, int Row, int Column) Place(int tile) => (tile / (Down * Across), tile / Across % Down * Side, tile % Across * Side);
    }
}

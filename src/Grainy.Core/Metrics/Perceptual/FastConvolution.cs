using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// A convolution of stride 1 and its rectifier on the CPU, tile by tile by <see cref="Winograd"/>: a fourth to a sixth of the multiplications of the plain one.
/// Every tile is computed alike, however many there are and whoever computes them, so that values depend on neither batch nor threads.
/// </summary>
internal sealed class FastConvolution
{
    private const int Lanes = 8;

    // The inner product runs over six tiles and sixteen channels at once: twelve sums fill the registers.
    private const int TilesInside = 6;
    private const int ChannelsInside = 16;
    private const int ChannelsAtOnce = 64;
    private const int MostTiles = 144;

    private readonly int _side;
    private readonly int _products;
    private readonly float[] _kernels; // [products², O / 16, C, 16]
    private readonly float[] _bias;
    private readonly int _input;

    /// <param name="kernels"><c>[O, C, r, r]</c>, float32 on the CPU; borrowed.</param>
    /// <param name="bias"><c>[O]</c>; borrowed.</param>
    public FastConvolution(Tensor kernels, Tensor bias)
    {
        var shape = kernels.Require("O C R R");
        (_side, _input, _products) = ((int)shape[2], (int)shape[1], Winograd.Products((int)shape[2]));
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        _bias = bias.detach().contiguous().data<float>().ToArray();
        // G·g·Gᵀ in float64, then in the order in which it is read.
        var g = tensor(Winograd.KernelMatrix(_side).Cast<double>().ToArray(), [_products, _side]);
        var transformed = einsum("ia,ocab,jb->ijoc", g, kernels.detach().to(float64), g).to(float32);
        var ordered = transformed.reshape(_products * _products, shape[0] / ChannelsInside, ChannelsInside, shape[1]).permute(0, 1, 3, 2).contiguous();
        _kernels = new float[ordered.numel()];
        ordered.bytes.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_kernels.AsSpan()));
    }

    /// <summary>True when this is implemented for the kernels of a convolution of stride 1 and the processor, and faster than the plain one.</summary>
    public static bool Suits(Tensor kernels) => kernels.shape is [var output, var input, 3 or 5, _]
        && output % ChannelsInside == 0 && input % Lanes == 0 && input >= 16 && kernels.dtype == float32 && kernels.device_type == DeviceType.CPU && Fma.IsSupported;

    /// <summary>Convolves and rectifies.</summary>
    /// <param name="images"><c>[N, C, H, W]</c>, float32 on the CPU, best channels-last; borrowed.</param>
    /// <param name="padding">Zeros on each side.</param>
    /// <returns><c>[N, O, H + 2·padding − r + 1, …]</c>, channels-last; the caller owns it.</returns>
    public unsafe Tensor Run(Tensor images, int padding)
    {
        var shape = images.Require($"N {_input} H W");
        using var scope = NewDisposeScope();
        var last = images.permute(0, 2, 3, 1);
        last = last.is_contiguous() ? last : last.contiguous();
        var (height, width) = ((int)shape[2] + (2 * padding) - _side + 1, (int)shape[3] + (2 * padding) - _side + 1);
        if (height < 1 || width < 1)
        {
            throw new ArgumentException($"A picture of {shape[3]} × {shape[2]} is smaller than the kernel.", nameof(images));
        }

        var result = empty([shape[0], height, width, _bias.Length]);
        var grid = new Grid(padding, (int)shape[2], (int)shape[3], height, width, (height + Winograd.Outputs - 1) / Winograd.Outputs, (width + Winograd.Outputs - 1) / Winograd.Outputs);
        var tiles = (int)shape[0] * grid.Down * grid.Across;
        var threads = Math.Max(1, TorchRuntime.Threads);
        var atOnce = Math.Min(MostTiles, ((tiles + threads - 1) / threads + TilesInside - 1) / TilesInside * TilesInside);
        fixed (byte* source = last.bytes, target = result.bytes)
        {
            var (from, to) = ((nint)source, (nint)target);
            Parallel.For(0, (tiles + atOnce - 1) / atOnce, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
                Part((float*)from, (float*)to, grid, part * atOnce, Math.Min(atOnce, tiles - (part * atOnce)), atOnce));
        }

        return result.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Part(float* source, float* target, Grid grid, int first, int count, int rows)
    {
        var squares = _products * _products;
        var wide = Math.Min(ChannelsAtOnce, _bias.Length);
        // A cache line more than needed: without it, the squares of a tile would often lie a multiple of 4 KiB apart and push each other out of the cache.
        var (inputStep, sumStep) = ((rows * _input) + ChannelsInside, (rows * wide) + ChannelsInside);
        var (inputs, sums) = (ArrayPool<float>.Shared.Rent(squares * inputStep), ArrayPool<float>.Shared.Rent(squares * sumStep));
        fixed (float* v = inputs, p = sums, kernels = _kernels, bias = _bias)
        {
            // Rows behind the last tile are computed with it and not read; they must only not slow it down.
            for (var square = 0; square < squares && count < rows; square++)
            {
                new Span<float>(v + (square * inputStep) + (count * _input), (rows - count) * _input).Clear();
            }

            for (var tile = 0; tile < count; tile++)
            {
                TransformInput(source, grid, first + tile, v + (tile * _input), inputStep);
            }

            for (var channel = 0; channel < _bias.Length; channel += wide)
            {
                var now = Math.Min(wide, _bias.Length - channel);
                for (var square = 0; square < squares; square++)
                {
                    for (var block = 0; block < now; block += ChannelsInside)
                    {
                        var kernel = kernels + ((((long)square * _bias.Length) + channel + block) * _input);
                        for (var row = 0; row < count; row += TilesInside)
                        {
                            Multiply(v + (square * inputStep) + (row * _input), kernel, p + (square * sumStep) + (row * wide) + block, _input, wide);
                        }
                    }
                }

                for (var tile = 0; tile < count; tile++)
                {
                    TransformOutput(p + (tile * wide), sumStep, target, grid, first + tile, channel, now, bias);
                }
            }
        }

        ArrayPool<float>.Shared.Return(inputs);
        ArrayPool<float>.Shared.Return(sums);
    }

    // [6, C]·[C, 16].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Multiply(float* left, float* right, float* sums, nint length, nint step)
    {
        var lower = left + (3 * length);
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
        Vector256<float> d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
        for (nint k = 0; k < length; k++, left++, lower++, right += ChannelsInside)
        {
            var first = Vector256.Load(right);
            var second = Vector256.Load(right + Lanes);
            var value = Vector256.Create(left[0]);
            a0 = Fma.MultiplyAdd(value, first, a0);
            a1 = Fma.MultiplyAdd(value, second, a1);
            value = Vector256.Create(left[length]);
            b0 = Fma.MultiplyAdd(value, first, b0);
            b1 = Fma.MultiplyAdd(value, second, b1);
            value = Vector256.Create(left[2 * length]);
            c0 = Fma.MultiplyAdd(value, first, c0);
            c1 = Fma.MultiplyAdd(value, second, c1);
            value = Vector256.Create(lower[0]);
            d0 = Fma.MultiplyAdd(value, first, d0);
            d1 = Fma.MultiplyAdd(value, second, d1);
            value = Vector256.Create(lower[length]);
            e0 = Fma.MultiplyAdd(value, first, e0);
            e1 = Fma.MultiplyAdd(value, second, e1);
            value = Vector256.Create(lower[2 * length]);
            f0 = Fma.MultiplyAdd(value, first, f0);
            f1 = Fma.MultiplyAdd(value, second, f1);
        }

        a0.Store(sums);
        a1.Store(sums + Lanes);
        b0.Store(sums + step);
        b1.Store(sums + step + Lanes);
        c0.Store(sums + (2 * step));
        c1.Store(sums + (2 * step) + Lanes);
        d0.Store(sums + (3 * step));
        d1.Store(sums + (3 * step) + Lanes);
        e0.Store(sums + (4 * step));
        e1.Store(sums + (4 * step) + Lanes);
        f0.Store(sums + (5 * step));
        f1.Store(sums + (5 * step) + Lanes);
    }

    // B·d·Bᵀ of one tile, for all channels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void TransformInput(float* source, Grid grid, int tile, float* target, int step)
    {
        var n = _products;
        var (image, row, column) = grid.Place(tile, Winograd.Outputs);
        var (top, left) = (row - grid.Padding, column - grid.Padding);
        var values = stackalloc Vector256<float>[n * n];
        var half = stackalloc Vector256<float>[n * n];
        for (var channel = 0; channel < _input; channel += Lanes)
        {
            for (var y = 0; y < n; y++)
            {
                var line = source + (((((long)image * grid.Height) + top + y) * grid.Width) + left) * _input + channel;
                var inside = (uint)(top + y) < (uint)grid.Height;
                for (var x = 0; x < n; x++)
                {
                    values[(y * n) + x] = inside && (uint)(left + x) < (uint)grid.Width ? Vector256.Load(line + (x * _input)) : default;
                }
            }

            Winograd.Input(values, half, n);
            for (var i = 0; i < n * n; i++)
            {
                values[i].Store(target + ((long)i * step) + channel);
            }
        }
    }

    // A·m·Aᵀ of one tile, its bias and rectifier, for some channels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void TransformOutput(float* source, int step, float* target, Grid grid, int tile, int channel, int count, float* bias)
    {
        var (n, m) = (_products, Winograd.Outputs);
        var (image, row, column) = grid.Place(tile, m);
        var (down, across) = (Math.Min(m, grid.ResultHeight - row), Math.Min(m, grid.ResultWidth - column));
        var values = stackalloc Vector256<float>[n * n];
        var half = stackalloc Vector256<float>[n * n];
        for (var at = 0; at < count; at += Lanes)
        {
            for (var i = 0; i < n * n; i++)
            {
                values[i] = Vector256.Load(source + ((long)i * step) + at);
            }

            Winograd.Output(values, half, n);
            var offset = Vector256.Load(bias + channel + at);
            for (var y = 0; y < down; y++)
            {
                var line = target + (((((long)image * grid.ResultHeight) + row + y) * grid.ResultWidth) + column) * _bias.Length + channel + at;
                for (var x = 0; x < across; x++)
                {
                    Vector256.Max(values[(y * m) + x] + offset, default).Store(line + (x * _bias.Length));
                }
            }
        }
    }

    private readonly record struct Grid(int Padding, int Height, int Width, int ResultHeight, int ResultWidth, int Down, int Across)
    {
        // Which image, and the first row and column of the result.
        public (int Image, int Row, int Column) Place(int tile, int side) =>
            (tile / (Down * Across), tile / Across % Down * side, tile % Across * side);
    }
}

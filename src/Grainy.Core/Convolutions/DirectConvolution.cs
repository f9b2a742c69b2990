using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Convolutions;

/// <summary>Any convolution, product by product: what lies under a row of a kernel lies side by side in memory, so that nothing need be rearranged.</summary>
internal sealed unsafe class DirectConvolution : VectorConvolution
{
    // Outputs of a part of a pointwise convolution.
    private const int PointsAtOnce = 192;

    private readonly float[] _kernels; // [O / 16, r·r·C, 16]
    private readonly float[] _bias;
    private readonly (int Side, int Input, int Stride, int Padding) _shape;

    /// <param name="kernels"><c>[O, C, r, r]</c>; borrowed.</param>
    /// <param name="bias"><c>[O]</c>; borrowed.</param>
    public DirectConvolution(Tensor kernels, Tensor bias, int stride, int padding)
    {
        var shape = kernels.Require("O C R R");
        _shape = ((int)shape[2], (int)shape[1], stride, padding);
        using var scope = NewDisposeScope();
        _bias = bias.detach().contiguous().data<float>().ToArray();
        _kernels = kernels.detach().permute(2, 3, 1, 0).reshape(-1, shape[0] / Products.Channels, Products.Channels).permute(1, 0, 2).contiguous().data<float>().ToArray();
    }

    public override int Outputs => _bias.Length;

    public override (int Height, int Width) SizeFor(FeatureMap images) => (Side(images.Height), Side(images.Width));

    public override void Run(FeatureMap images, FeatureMap target, int channel, float slope, int from = 0)
    {
        RequireChannels(images, from, _shape.Input);
        if (_shape.Side > 1 && images.Channels != _shape.Input)
        {
            throw new ArgumentException($"Kernels of {_shape.Side} read lines of all channels.", nameof(from));
        }

        if (_shape.Padding > 0)
        {
            using var padded = Padded(images, _shape.Padding);
            RunPadded(padded, target, channel, slope, from);
            return;
        }

        RunPadded(images, target, channel, slope, from);
    }

    private void RunPadded(FeatureMap images, FeatureMap target, int channel, float slope, int from)
    {
        var window = new Products.Window(_shape.Side, (nint)images.Width * _shape.Input, (nint)_shape.Side * _shape.Input);
        if (_shape is { Side: 1, Stride: 1 })
        {
            var points = target.Count * target.Height * target.Width;
            Spread.For((points + PointsAtOnce - 1) / PointsAtOnce, part =>
            {
                var first = part * PointsAtOnce;
                var to = target.Data + ((long)first * target.Channels) + channel;
                Line(images.Data + ((long)first * images.Channels) + from, images.Channels, window, to, target.Channels, Math.Min(PointsAtOnce, points - first), slope);
            });
            return;
        }

        Spread.For(target.Count * target.Height, line =>
        {
            var (image, row) = Math.DivRem(line, target.Height);
            Line(images.At(image, row * _shape.Stride, 0) + from, images.Channels, window, target.At(image, row, 0) + channel, target.Channels, target.Width, slope);
        });
    }

    private void Line(float* left, int channels, Products.Window window, float* target, int step, int count, float slope)
    {
        fixed (float* kernels = _kernels, bias = _bias)
        {
            LineProducts.Run(left, _shape.Stride * channels, window, kernels, bias, _bias.Length, slope, target, step, count);
        }
    }

    private static FeatureMap Padded(FeatureMap images, int padding)
    {
        var padded = new FeatureMap(images.Count, images.Height + (2 * padding), images.Width + (2 * padding), images.Channels);
        Spread.For(padded.Count * padded.Height, line =>
        {
            var (image, row) = Math.DivRem(line, padded.Height);
            var target = new Span<float>(padded.At(image, row, 0), padded.Width * padded.Channels);
            target.Clear();
            if ((uint)(row - padding) < (uint)images.Height)
            {
                new Span<float>(images.At(image, row - padding, 0), images.Width * images.Channels).CopyTo(target[(padding * images.Channels)..]);
            }
        });
        return padded;
    }

    private int Side(int length) => ((length + (2 * _shape.Padding) - _shape.Side) / _shape.Stride) + 1;
}

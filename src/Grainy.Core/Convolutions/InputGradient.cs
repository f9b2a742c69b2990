using static TorchSharp.torch;

namespace Grainy.Core.Convolutions;

/// <summary>
/// The way back through a convolution with fixed kernels, from gradients of its results to gradients of what it read: itself a convolution, with the kernels turned around. One
/// with a stride goes back to blocks (see <see cref="StrideFolding"/>), which are then laid out.
/// </summary>
internal sealed unsafe class InputGradient
{
    private readonly VectorConvolution _turned;
    private readonly int _input;
    private readonly int _stride;
    private readonly int _before; // what of the padding is left to the laying out

    /// <param name="kernels"><c>[O, C, r, r]</c>, which <see cref="VectorConvolution.Suits"/>; borrowed.</param>
    /// <param name="stride">Of the convolution.</param>
    /// <param name="padding">Of the convolution.</param>
    public InputGradient(Tensor kernels, int stride, int padding)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        (_input, _stride, _before) = ((int)kernels.shape[1], stride, stride == 1 ? 0 : padding);
        var folded = stride == 1 ? kernels : StrideFolding.Kernels(kernels, stride);
        var (channels, side) = (folded.shape[1], (int)folded.shape[2]);
        var more = -channels & (Products.Channels - 1);
        var turned = nn.functional.pad(folded.flip([2, 3]).transpose(0, 1), [0, 0, 0, 0, 0, 0, 0, more]).contiguous();
        _turned = VectorConvolution.Of(turned, zeros([channels + more]), 1, side - 1 - padding + _before);
    }

    /// <summary>Gradients of what was read; the caller owns them.</summary>
    /// <param name="gradient">Of the results, before any rectifier; borrowed.</param>
    /// <param name="from">The first channel that belongs to the convolution.</param>
    /// <param name="like">What was read; only its size counts.</param>
    public FeatureMap Run(FeatureMap gradient, int from, FeatureMap like)
    {
        var (height, width) = _turned.SizeFor(gradient);
        var result = new FeatureMap(gradient.Count, height, width, _turned.Outputs);
        _turned.Run(gradient, result, 0, 1, from);
        if (_stride == 1 && result.Channels == _input)
        {
            return result;
        }

        using (result)
        {
            return LaidOut(result, like);
        }
    }

    // What lies behind the last block was read by nothing.
    private FeatureMap LaidOut(FeatureMap blocks, FeatureMap like)
    {
        var target = new FeatureMap(like.Count, like.Height, like.Width, _input);
        Spread.For(target.Count * target.Height, line =>
        {
            var (image, row) = Math.DivRem(line, target.Height);
            var (down, inner) = Math.DivRem(row + _before, _stride);
            var to = target.At(image, row, 0);
            if (down >= blocks.Height)
            {
                new Span<float>(to, target.Width * _input).Clear();
                return;
            }

            for (var column = 0; column < target.Width; column++, to += _input)
            {
                var (across, place) = Math.DivRem(column + _before, _stride);
                var from = across < blocks.Width ? blocks.At(image, down, across) + (((inner * _stride) + place) * _input) : null;
                for (var channel = 0; channel < _input; channel++)
                {
                    to[channel] = from is null ? 0 : from[channel];
                }
            }
        });
        return target;
    }
}

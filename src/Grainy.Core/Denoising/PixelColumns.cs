using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>Predictions and observations as matrices with one column per pixel, and the checks of their sizes.</summary>
internal static class PixelColumns
{
    /// <summary>Puts a prediction <c>[N, K, H, W]</c> or an image into columns <c>[K, N·H·W]</c> of <paramref name="type"/>. The caller owns it.</summary>
    public static Tensor Of(Tensor x, ScalarType type)
    {
        var shape = x.Require("N K H W");
        using var scope = NewDisposeScope();
        return x.permute(1, 0, 2, 3).reshape(shape[1], -1).to(type).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Splits into C rows; a single row of all channels is repeated.</summary>
    /// <param name="perChannelOrAll"><c>[C, P]</c> or <c>[P]</c>.</param>
    /// <param name="channels">C.</param>
    public static Tensor[] Rows(Tensor perChannelOrAll, int channels) =>
        perChannelOrAll.dim() == 1 ? [.. Enumerable.Repeat(perChannelOrAll, channels)] : perChannelOrAll.unbind(0);

    /// <summary>Differences row by row.</summary>
    public static Tensor[] Minus(Tensor[] left, Tensor[] right) => [.. left.Select((row, index) => row - right[index])];

    /// <summary>Checks that sizes fit together and returns the number of channels.</summary>
    /// <param name="prediction"><c>[9 or 6, P]</c> for three channels, <c>[2, P]</c> for one.</param>
    /// <param name="observed"><c>[3 or 1, P]</c>.</param>
    /// <param name="variance"><c>[P]</c> or like <paramref name="observed"/>.</param>
    public static int Require(Tensor prediction, Tensor observed, Tensor variance)
    {
        var outputs = prediction.Require("K P")[0];
        if (outputs is not (9 or 6 or 2))
        {
            throw new ArgumentException($"A prediction has 9, 6 or 2 channels, not {outputs}.", nameof(prediction));
        }

        var (channels, pixels) = (outputs == 2 ? 1 : 3, prediction.shape[1]);
        observed.Require($"{channels} {pixels}");
        variance.Require(variance.dim() == 1 ? $"{pixels}" : $"{channels} {pixels}");
        return channels;
    }
}

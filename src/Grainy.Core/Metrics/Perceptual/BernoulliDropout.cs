using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// Dropout before a convolution, with a mask that all images of a batch share: each activation is kept with probability 0.99 and then scaled by 1 / 0.99.
/// </summary>
/// <remarks>
/// The dropped places are found by their gaps, which follow a geometric law: exactly the same law as one draw per activation, at a hundredth of the draws.
/// Masks run over height, width, channel: the order in which channels-last tensors lie in memory.
/// </remarks>
internal sealed class BernoulliDropout(RandomStream random)
{
    private const double Keep = 0.99;
    private static readonly double LogKeep = Math.Log(Keep);

    private static readonly Scalar Kept = (float)(1 / Keep);
    private static readonly Scalar Dropped = 0f;

    /// <summary>The masked batch; <paramref name="images"/> <c>[N, C, H, W]</c> is borrowed, the caller owns the result.</summary>
    public Tensor Apply(Tensor images)
    {
        var shape = images.shape;
        var (channels, height, width) = (shape[1], shape[2], shape[3]);
        using var scope = NewDisposeScope();
        var mask = full([channels * height * width], Kept, device: images.device);
        var dropped = DroppedPlaces(channels * height * width);
        if (dropped.Count > 0)
        {
            var places = tensor(dropped.ToArray(), device: images.device);
            mask.index_fill_(0, places, Dropped);
        }

        return (images * mask.view(1, height, width, channels).permute(0, 3, 1, 2)).MoveToOuterDisposeScope();
    }

    internal List<long> DroppedPlaces(long count)
    {
        var places = new List<long>((int)(count / 90) + 16);
        for (var at = Gap(); at < count; at += 1 + Gap())
        {
            places.Add(at);
        }

        return places;
    }

    // 1 − u lies in (0, 1], so the logarithm is finite.
    private long Gap() => (long)(Math.Log(1 - random.NextDouble()) / LogKeep);
}

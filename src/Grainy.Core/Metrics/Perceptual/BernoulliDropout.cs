using Grainy.Core.Convolutions;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// Dropout before a convolution: each activation is kept with probability 0.99 and then scaled by 1 / 0.99. All images of a group share a mask; a batch holds one
/// group after the other, one for each of <paramref name="streams"/>.
/// </summary>
/// <remarks>
/// The dropped places are found by their gaps, which follow a geometric law: exactly the same law as one draw per activation, at a hundredth of the draws.
/// Masks run over height, width, channel: the order in which channels-last tensors lie in memory.
/// </remarks>
internal sealed class BernoulliDropout(params RandomStream[] streams)
{
    private const double Keep = 0.99;
    private static readonly double LogKeep = Math.Log(Keep);

    private static readonly Scalar Kept = (float)(1 / Keep);
    private static readonly Scalar Dropped = 0f;

    /// <summary>The masked batch; <paramref name="images"/> <c>[N, C, H, W]</c> is borrowed, the caller owns the result.</summary>
    /// <exception cref="ArgumentException">The groups do not divide the batch.</exception>
    public Tensor Apply(Tensor images)
    {
        var shape = images.shape;
        RequireGroups(shape[0]);
        return Masked(images, [.. streams.Select(stream => DroppedPlaces(stream, shape[1] * shape[2] * shape[3]))]);
    }

    /// <summary>The masked batch, by the same draws; <paramref name="images"/> is borrowed, the caller owns the result.</summary>
    /// <exception cref="ArgumentException">The groups do not divide the batch.</exception>
    public FeatureMap Apply(FeatureMap images) => Draw(images).Apply(images);

    /// <summary>The same masks, to be applied more than once.</summary>
    /// <param name="images">Only their size counts.</param>
    /// <exception cref="ArgumentException">The groups do not divide the batch.</exception>
    public DropoutMask Draw(FeatureMap images)
    {
        RequireGroups(images.Count);
        var size = images.Length / images.Count;
        var places = new List<long>[streams.Length];
        Spread.For(streams.Length, stream => places[stream] = DroppedPlaces(streams[stream], size));
        return new DropoutMask(places, (float)(1 / Keep));
    }

    internal static List<long> DroppedPlaces(RandomStream random, long count)
    {
        var places = new List<long>((int)(count / 90) + 16);
        for (var at = Gap(random); at < count; at += 1 + Gap(random))
        {
            places.Add(at);
        }

        return places;
    }

    // 1 − u lies in (0, 1], so the logarithm is finite.
    private static long Gap(RandomStream random) => (long)(Math.Log(1 - random.NextDouble()) / LogKeep);

    private static Tensor Masked(Tensor images, List<long>[] dropped)
    {
        var (count, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        using var scope = NewDisposeScope();
        var masks = dropped.Select(places =>
        {
            var mask = full([channels * height * width], Kept, device: images.device);
            return places.Count == 0 ? mask : mask.index_fill_(0, tensor(places.ToArray(), device: images.device), Dropped);
        });
        var all = stack([.. masks], 0).view(-1, height, width, channels).permute(0, 3, 1, 2); // [groups, C, H, W]
        var group = count / dropped.Length;
        var each = dropped.Length == 1 || group == 1 ? all : all.repeat_interleave(group, dim: 0);
        return (images * each).MoveToOuterDisposeScope();
    }

    private void RequireGroups(long images)
    {
        if (images % streams.Length != 0)
        {
            throw new ArgumentException($"A batch of {images} images does not fall into {streams.Length} equal groups.", nameof(images));
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using Grainy.Core.Convolutions;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>What one dropout does to a batch: some activations become nothing, the others are scaled.</summary>
/// <param name="dropped">Places of each group of images, in the order of memory.</param>
/// <param name="kept">Factor of the others.</param>
internal sealed class DropoutMask(List<long>[] dropped, float kept)
{
    /// <summary>The masked batch; <paramref name="images"/> is borrowed, the caller owns the result.</summary>
    public FeatureMap Apply(FeatureMap images)
    {
        var result = new FeatureMap(images.Count, images.Height, images.Width, images.Channels);
        Apply(images, result);
        return result;
    }

    /// <summary>Masks from one batch into another, which may be the same. Gradients are masked alike.</summary>
    public unsafe void Apply(FeatureMap images, FeatureMap target)
    {
        var (group, size) = (images.Count / dropped.Length, images.Length / images.Count);
        Spread.For(images.Count, image =>
        {
            var to = target.Data + (image * size);
            Scale(images.Data + (image * size), to, size, kept);
            foreach (var place in dropped[image / group])
            {
                to[place] = 0;
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Scale(float* from, float* to, long count, float factor)
    {
        var i = 0L;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            *(Vector<float>*)(to + i) = *(Vector<float>*)(from + i) * factor;
        }

        for (; i < count; i++)
        {
            to[i] = from[i] * factor;
        }
    }
}

using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// The built-in perceptual network: a strided convolution and eight bottlenecks (1×1, then 3×3) in seven stages, whose outputs are compared. It is trained to agree
/// with LPIPS (see <c>Weights/BuiltIn/builtin_perceptual.md</c>) but is a metric of its own: its values are never to be passed off as LPIPS.
/// </summary>
internal sealed class CompactFeatures : FeatureNetwork
{
    private const long StemChannels = 64;

    // The stages after the stem.
    private static readonly Bottleneck[][] Stages =
    [
        [new(Pooled: true, Narrow: 32, Wide: 96), new(Pooled: false, Narrow: 32, Wide: 128)],
        [new(Pooled: true, Narrow: 48, Wide: 192), new(Pooled: false, Narrow: 48, Wide: 256)],
        [new(Pooled: true, Narrow: 64, Wide: 384)],
        [new(Pooled: false, Narrow: 64, Wide: 384)],
        [new(Pooled: false, Narrow: 64, Wide: 512)],
        [new(Pooled: false, Narrow: 64, Wide: 512)],
    ];

    public CompactFeatures(WeightSet weights, Device device)
    {
        Description = $"grainy-compact@{weights.Hash[..8]}";
        foreach (var (name, output, input, side) in Convolutions)
        {
            LoadConvolution(weights, name, output, input, side, device);
        }
    }

    /// <summary>All convolutions in order: name in the file, channels out and in, side of the kernel.</summary>
    public static IReadOnlyList<(string Name, long Output, long Input, long Side)> Convolutions { get; } = [.. List()];

    /// <summary>Channels of each layer that is compared.</summary>
    public static IReadOnlyList<int> StageChannels { get; } = [(int)StemChannels, .. Stages.Select(stage => (int)stage[^1].Wide)];

    public override IReadOnlyList<int> Channels => StageChannels;

    public override string Description { get; }

    public override ReceptiveField Field { get; } = Stages.Aggregate(
        new ReceptiveField().Window(3, 2).Visit(),
        (field, stage) => stage.Aggregate(field, (inner, block) => (block.Pooled ? inner.Window(3, 2) : inner).Window(3, padding: 1)).Visit());

    /// <summary>One stage, with or without its last rectifier; differentiable. The argument is borrowed, the caller owns the result.</summary>
    public Tensor Stage(int layer, Tensor input, BernoulliDropout? dropout, bool rectify)
    {
        using var scope = NewDisposeScope();
        return Stage(new TensorLayers(Parameters, dropout), layer, input, rectify).MoveToOuterDisposeScope();
    }

    protected override void Run<T>(ILayers<T> layers, T images, Action<int, T> visit)
    {
        T? previous = null;
        for (var layer = 0; layer < StageChannels.Count; layer++)
        {
            using (var owned = previous)
            {
                previous = Stage(layers, layer, owned ?? images, rectify: true);
            }

            visit(layer, previous);
        }

        previous?.Dispose();
    }

    private static T Stage<T>(ILayers<T> layers, int layer, T input, bool rectify)
        where T : class, IDisposable
    {
        if (layer == 0)
        {
            return layers.Convolve("stem", input, stride: 2, rectify: rectify);
        }

        var blocks = Stages[layer - 1];
        T? previous = null;
        for (var index = 0; index < blocks.Length; index++)
        {
            using var owned = previous;
            using var pooled = blocks[index].Pooled ? layers.Pool(owned ?? input, 3, 2) : null;
            using var narrow = layers.Convolve(Name(layer, index, "narrow"), pooled ?? owned ?? input);
            previous = layers.Convolve(Name(layer, index, "wide"), narrow, padding: 1, rectify: rectify || index < blocks.Length - 1);
        }

        return previous!;
    }

    private static IEnumerable<(string Name, long Output, long Input, long Side)> List()
    {
        yield return ("stem", StemChannels, 3, 3);
        var input = StemChannels;
        foreach (var (blocks, layer) in Stages.Select((blocks, index) => (blocks, index + 1)))
        {
            for (var index = 0; index < blocks.Length; index++)
            {
                yield return (Name(layer, index, "narrow"), blocks[index].Narrow, input, 1);
                yield return (Name(layer, index, "wide"), blocks[index].Wide, blocks[index].Narrow, 3);
                input = blocks[index].Wide;
            }
        }
    }

    private static string Name(int layer, int block, string part) => $"stages.{layer}.{block}.{part}";

    /// <param name="Pooled">Whether a 3×3 maximum with stride 2 comes first.</param>
    /// <param name="Narrow">Channels between the two convolutions.</param>
    /// <param name="Wide">Channels at the end.</param>
    private sealed record Bottleneck(bool Pooled, long Narrow, long Wide);
}

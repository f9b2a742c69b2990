using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// The built-in perceptual network: six small convolutions whose layers are all compared. It is trained to agree with LPIPS (see
/// <c>Weights/BuiltIn/builtin_perceptual.md</c>) but is a metric of its own: its values are never to be passed off as LPIPS.
/// </summary>
internal sealed class CompactFeatures : FeatureNetwork
{
    /// <summary>Convolutions in order: channels, side of the kernel, stride; the padding keeps the size.</summary>
    public static readonly (int Output, int Side, int Stride)[] Stages = [(32, 5, 2), (48, 3, 2), (64, 3, 1), (96, 3, 2), (128, 3, 1), (128, 3, 2)];

    public CompactFeatures(WeightSet weights, Device device)
    {
        Description = $"grainy-compact@{weights.Hash[..8]}";
        var input = 3;
        for (var stage = 0; stage < Stages.Length; stage++)
        {
            LoadConvolution(weights, Name(stage), Stages[stage].Output, input, Stages[stage].Side, device);
            input = Stages[stage].Output;
        }
    }

    public override IReadOnlyList<int> Channels { get; } = [.. Stages.Select(stage => stage.Output)];

    public override string Description { get; }

    public override ReceptiveField Field { get; } =
        Stages.Aggregate(new ReceptiveField(), (field, stage) => field.Window(stage.Side, stage.Stride, stage.Side / 2).Visit());

    public static string Name(int stage) => $"stages.{stage}";

    public override void Run(Tensor images, BernoulliDropout? dropout, Action<int, Tensor> visit)
    {
        using var scope = NewDisposeScope();
        var x = images.alias();
        for (var stage = 0; stage < Stages.Length; stage++)
        {
            var next = Convolve(Name(stage), x, dropout, Stages[stage].Stride, Stages[stage].Side / 2);
            x.Dispose();
            x = next;
            visit(stage, x);
        }
    }
}

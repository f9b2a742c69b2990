using Grainy.Core.Images;
using Grainy.Core.Tensors;
using Grainy.Core.Training.Plain;
using static TorchSharp.torch;

namespace Grainy.Core.Training.Neighbors;

/// <summary>
/// Neighbor2Neighbor (Huang et al. 2021): the estimate from one pixel of each cell is compared with its neighbour, and a second term takes off what the two
/// differ in without noise, as the network itself sees the whole image.
/// </summary>
internal sealed class NeighborObjective : PlainObjective
{
    private readonly CropSampler _crops;

    public NeighborObjective(TrainingSettings settings, IReadOnlyList<ImageBuffer> images)
        : base(settings, images)
    {
        if (settings.CropSize / 2 % Network.Layout.Stride != 0)
        {
            Dispose();
            throw new ArgumentException(
                $"Crops of {settings.CropSize} px are too small for Neighbor2Neighbor with the {settings.Preset} network, which looks at half-size images; "
                + $"give a multiple of {2 * Network.Layout.Stride}.");
        }

        _crops = new CropSampler([.. images.Select(Range.ToNetwork)], new double[images.Count], settings.CropSize, settings.BatchSize, Seeds);
    }

    public override Tensor Loss(long step, double fraction)
    {
        using var scope = NewDisposeScope();
        var (noisy, _) = _crops.Draw(step);
        using var pairs = new NeighborPairs(noisy.shape[0], noisy.shape[2], noisy.shape[3], Seeds.ManagedFor("neighbors", step));
        return Mean(Network.Predict, noisy, pairs, Settings.Neighbor2Neighbor.Consistency * fraction).MoveToOuterDisposeScope();
    }

    /// <summary>‖f(g₁) − g₂‖² + γ·‖f(g₁) − g₂ − (g₁(f(y)) − g₂(f(y)))‖², both as means; f(y) without gradient.</summary>
    public static Tensor Mean(Func<Tensor, Tensor> predict, Tensor noisy, NeighborPairs pairs, double gamma)
    {
        using var scope = NewDisposeScope();
        var difference = predict(pairs.First(noisy)) - pairs.Second(noisy);
        Tensor clean;
        using (no_grad())
        {
            clean = predict(noisy);
        }

        var expected = pairs.First(clean) - pairs.Second(clean);
        return difference.Squared().mean().Plus((difference - expected).Squared().mean().Times(gamma)).MoveToOuterDisposeScope();
    }
}

using Grainy.Core.Images;
using Grainy.Core.Tensors;
using Grainy.Core.Training.Losses;
using Grainy.Core.Training.Plain;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Training.Pairs;

/// <summary>
/// Noise2Noise (Lehtinen et al. 2018) and Noise2Clean: the estimate from one frame is compared with another frame of the scene, or with the clean reference.
/// </summary>
internal sealed class PairObjective : PlainObjective
{
    private const double PlainStart = 0.1; // share of a run by the relative loss that is spent on the plain one first

    private readonly PairSampler _pairs;

    public PairObjective(TrainingSettings settings, IReadOnlyList<TrainingScene> scenes)
        : base(settings, Noisy(scenes), toneMapped: settings.Noise2Noise.Loss == RegressionLosses.Hdr)
    {
        var clean = settings.Method == TrainingMethods.Noise2Clean;
        try
        {
            TrainingScenes.Check(scenes, clean);
        }
        catch (ArgumentException)
        {
            Dispose();
            throw;
        }

        _pairs = new PairSampler(scenes, clean, settings.CropSize, settings.BatchSize, Seeds);
    }

    public override Tensor Loss(long step, double fraction)
    {
        using var scope = NewDisposeScope();
        var (inputs, targets) = _pairs.Draw(step);
        using Scalar missing = Settings.Noise2Noise.MissingValue;
        var valid = Settings.Noise2Noise.Loss == RegressionLosses.MaskedL2 ? targets.ne(missing).to(float32) : null;
        // An estimate that is far too bright costs little by the relative loss, and one near black everything: a random start would be thrown out of range.
        var loss = Settings.Noise2Noise.Loss == RegressionLosses.Hdr && fraction < PlainStart ? RegressionLosses.L2 : Settings.Noise2Noise.Loss;
        return RegressionLoss.Mean(loss, Network.Predict(Shown(ToNetwork(inputs))), ToNetwork(targets), valid, fraction).MoveToOuterDisposeScope();
    }

    private Tensor ToNetwork(Tensor samples) => samples.Plus(-Range.Offset).Times(1 / Range.Scale);

    private static ImageBuffer[] Noisy(IReadOnlyList<TrainingScene> scenes) => [.. scenes.SelectMany(scene => scene.Frames)];
}

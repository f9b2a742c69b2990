using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Tensors;
using Grainy.Core.Training.Plain;
using static TorchSharp.torch;

namespace Grainy.Core.Training.Masking;

/// <summary>Noise2Void (Krull et al. 2019) and N2V2 (Höck et al. 2022): hidden pixels are told from their surroundings, and only they are compared.</summary>
internal sealed class MaskObjective : PlainObjective
{
    private readonly CropSampler _crops;
    private readonly PixelMask _mask;

    public MaskObjective(TrainingSettings settings, IReadOnlyList<ImageBuffer> images)
        : base(settings, images, smooth: settings.Noise2Void.Version2)
    {
        _crops = new CropSampler([.. images.Select(Range.ToNetwork)], new double[images.Count], settings.CropSize, settings.BatchSize, Seeds);
        var choices = settings.Noise2Void;
        _mask = new PixelMask(choices.MaskedPercent, choices.Radius, choices.Version2, choices.Structure, choices.Span);
    }

    public override Tensor Loss(long step, double fraction)
    {
        using var scope = NewDisposeScope();
        var (noisy, _) = _crops.Draw(step);
        var (batch, channels, side) = ((int)noisy.shape[0], (int)noisy.shape[1], (int)noisy.shape[2]);
        var (values, mask) = _mask.Apply(FlatParameters.Copy(noisy), batch, channels, side, Seeds.ManagedFor("mask", step));
        var counts = tensor(mask, [batch, 1, side, side]);
        var difference = (Network.Predict(tensor(values, noisy.shape)) - noisy) * counts;
        return difference.Squared().sum().div(counts.sum().Times(channels).clamp_min(Arithmetic.One)).MoveToOuterDisposeScope();
    }
}

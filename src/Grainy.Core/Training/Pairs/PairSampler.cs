using Grainy.Core.Images;
using Grainy.Core.Tensors;
using Grainy.Core.Training.Registration;
using static TorchSharp.torch;

namespace Grainy.Core.Training.Pairs;

/// <summary>
/// Random crops of a noisy frame and, at the same place of the scene, of what it is compared with: any other frame (all ordered pairs are equally likely), or the
/// clean reference. Inputs are taken as they are; targets are moved and rescaled where the scene's alignment says so.
/// </summary>
internal sealed class PairSampler(IReadOnlyList<TrainingScene> scenes, bool clean, int side, int batch, SeedSequence seeds)
{
    private readonly long[] _shares = Shares(scenes);

    /// <summary>Inputs and targets <c>[N, C, S, S]</c> on the images' own scale; the same step always gives the same ones. The caller owns both.</summary>
    public (Tensor Inputs, Tensor Targets) Draw(long step)
    {
        var random = seeds.ManagedFor("pair", step);
        var channels = scenes[0].Frames[0].Channels;
        var size = channels * side * side;
        var (inputs, targets) = (new float[batch * size], new float[batch * size]);
        for (var n = 0; n < batch; n++)
        {
            var scene = scenes[Pick(random)];
            var input = random.Next(scene.Frames.Count);
            var target = clean ? scene.Frames.Count : Other(input, scene.Frames.Count, random);
            var first = scene.Frames[0];
            var (top, left) = (random.Next(Math.Max(1, first.Height - side + 1)), random.Next(Math.Max(1, first.Width - side + 1)));
            var symmetry = random.Next(8);
            Fill(inputs.AsSpan(n * size, size), scene.Frames[input], FrameAlignment.Identity, top, left, symmetry);
            Fill(targets.AsSpan(n * size, size), clean ? scene.Reference! : scene.Frames[target], Relative(scene, input, target), top, left, symmetry);
        }

        return (tensor(inputs, [batch, channels, side, side]), tensor(targets, [batch, channels, side, side]));
    }

    private static int Other(int one, int count, Random random)
    {
        var other = random.Next(count - 1);
        return other < one ? other : other + 1;
    }

    // Running sums of pixels: a scene is as likely as it is large, whatever its number of frames.
    private static long[] Shares(IReadOnlyList<TrainingScene> scenes)
    {
        var (shares, sum) = (new long[scenes.Count], 0L);
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = sum += (long)scenes[i].Frames[0].Width * scenes[i].Frames[0].Height;
        }

        return shares;
    }

    private int Pick(Random random)
    {
        var place = Array.BinarySearch(_shares, random.NextInt64(_shares[^1]) + 1);
        return place < 0 ? ~place : place;
    }

    // target(x + t) = g·first(x) + o for both, so that the target as the input would have it is (target(x + t − i) − o)·gain + offset.
    private static FrameAlignment Relative(TrainingScene scene, int input, int target)
    {
        if (scene.Alignments is not { } alignments)
        {
            return FrameAlignment.Identity;
        }

        var (from, to) = (alignments[input], alignments[target]);
        var gain = from.Gain / to.Gain;
        return new FrameAlignment(to.ShiftX - from.ShiftX, to.ShiftY - from.ShiftY, gain, from.Offset - (gain * to.Offset));
    }

    private void Fill(Span<float> destination, ImageBuffer image, FrameAlignment alignment, int top, int left, int symmetry)
    {
        var (rows, columns) = (CubicTaps.Of(alignment.ShiftY), CubicTaps.Of(alignment.ShiftX));
        var plain = rows.IsWhole && columns.IsWhole && alignment is { Gain: 1, Offset: 0 };
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var plane = image.Plane(channel);
            for (var row = 0; row < side; row++)
            {
                for (var column = 0; column < side; column++)
                {
                    var (y, x) = Symmetry.Turn(row, column, side, symmetry);
                    destination[(((channel * side) + row) * side) + column] = plain
                        ? plane[(Mirror.Index(top + y + rows.First, image.Height) * image.Width) + Mirror.Index(left + x + columns.First, image.Width)]
                        : (float)((alignment.Gain * CubicTaps.Sample(plane, image.Height, image.Width, top + y, left + x, rows, columns)) + alignment.Offset);
                }
            }
        }
    }
}

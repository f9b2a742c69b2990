using Grainy.Core.Images;
using Grainy.Core.Tensors;
using Grainy.Core.Training.Registration;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>
/// The lively mix of images of one scene that lie shifted against each other, each moved to their weighted mean place first: one edge where a mix of the images as they are
/// shows several. Only a place to begin from; the metric decides whether it is a better one.
/// </summary>
internal sealed class RegisteredMix
{
    private const double SameScene = 0.6;
    private const double LeastShift = 0.5;

    // Of an image's shorter side.
    private const double MostShift = 0.1;

    private readonly BlendInputs _inputs;
    private readonly (double X, double Y)[] _shifts; // relative to the first image, in pixels of level 0

    private RegisteredMix(BlendInputs inputs, (double X, double Y)[] shifts) => (_inputs, _shifts) = (inputs, shifts);

    /// <summary>Measures the images; null where they are not shifted copies of one scene.</summary>
    public static RegisteredMix? Find(BlendInputs inputs)
    {
        var (height, width) = inputs.Sizes[0];
        if (Math.Min(height, width) < 2 * PairRegistration.SmallestSide)
        {
            return null;
        }

        var images = inputs.Full.Select(image => Resize.To(image, width, height)).ToArray();
        var found = images.Skip(1).Select(image => PairRegistration.Measure(images[0], image)).ToArray();
        var usable = found.All(pair => double.IsFinite(pair.ShiftError) && pair.Correlation > SameScene && pair.Shift < MostShift * Math.Min(height, width));
        return usable && found.Any(pair => pair.IsShifted && pair.Shift > LeastShift)
            ? new RegisteredMix(inputs, [(0, 0), .. found.Select(pair => (pair.ShiftX, pair.ShiftY))])
            : null;
    }

    /// <summary>The mix at a level; the caller owns it, <c>[1, 3, h, w]</c>.</summary>
    public Tensor Of(int level, IReadOnlyList<double> weights)
    {
        using var scope = NewDisposeScope();
        var scale = (double)_inputs.LongerSide(level) / _inputs.LongerSide(0);
        var (x, y) = (_shifts.Zip(weights, (shift, weight) => weight * shift.X).Sum(), _shifts.Zip(weights, (shift, weight) => weight * shift.Y).Sum());
        (double Right, double Down)[] moves = [.. _shifts.Select(shift => (scale * (shift.X - x), scale * (shift.Y - y)))];
        var moved = moves.Select((move, i) => Moved(_inputs.At(level).narrow(0, i, 1).ToImage(), move.Right, move.Down)).ToArray();
        Fill(moved, moves, weights);
        return LivelyMix.Of(cat([.. moved.Select(image => image.ToTensor())], 0), weights).MoveToOuterDisposeScope();
    }

    // Where a moved image shows nothing, it gets what the others show there.
    private static void Fill(ImageBuffer[] moved, (double Right, double Down)[] moves, IReadOnlyList<double> weights)
    {
        var (height, width) = (moved[0].Height, moved[0].Width);
        var band = 1 + (int)moves.Max(move => Math.Max(Math.Abs(move.Right), Math.Abs(move.Down)));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                if (x >= band && x < width - band && y >= band && y < height - band)
                {
                    continue;
                }

                var shows = moves.Select(move => x + move.Right >= 0 && x + move.Right <= width - 1 && y + move.Down >= 0 && y + move.Down <= height - 1).ToArray();
                var total = weights.Where((_, i) => shows[i]).Sum();
                if (total <= 0 || Array.TrueForAll(shows, covered => covered))
                {
                    continue;
                }

                for (var channel = 0; channel < 3; channel++)
                {
                    var at = (((channel * height) + y) * width) + x;
                    var mean = (float)(moved.Select((image, i) => shows[i] ? weights[i] * image.Planes[at] : 0).Sum() / total);
                    for (var i = 0; i < moved.Length; i++)
                    {
                        moved[i].Planes[at] = shows[i] ? moved[i].Planes[at] : mean;
                    }
                }
            }
        }
    }

    // What lies at (x + right, y + down) comes to (x, y).
    private static ImageBuffer Moved(ImageBuffer image, double right, double down)
    {
        var (columns, rows) = (CubicTaps.Of(right), CubicTaps.Of(down));
        var planes = new float[image.Planes.Length];
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var plane = image.Plane(channel);
            for (var y = 0; y < image.Height; y++)
            {
                for (var x = 0; x < image.Width; x++)
                {
                    planes[(((channel * image.Height) + y) * image.Width) + x] = (float)CubicTaps.Sample(plane, image.Height, image.Width, y, x, rows, columns);
                }
            }
        }

        return new ImageBuffer(image.Channels, image.Height, image.Width, planes);
    }
}

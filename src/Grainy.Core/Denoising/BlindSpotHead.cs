using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Grainy.Core.Convolutions;

namespace Grainy.Core.Denoising;

/// <summary>
/// The end of the blind-spot network: the four branches, moved down and turned back, and the three 1 × 1 layers that join them. All of it is done for a few pixels at a
/// time, so that what lies between the layers need not go to memory and back.
/// </summary>
/// <param name="layers">Of the head, in order.</param>
/// <param name="shift">Rows that the branches move down.</param>
/// <param name="slope">Of the rectifiers.</param>
internal sealed unsafe class BlindSpotHead(TrainedPointwise[] layers, int shift, float slope)
{
    private const int AtOnce = TrainedPointwise.MostPixels;

    // Shares of the work whose sums are kept apart, so that they do not depend on threads and their turns.
    private const int Shares = 8;

    /// <summary>The prediction, its channels padded; the caller owns it.</summary>
    /// <param name="branches">Of 4·N images.</param>
    /// <param name="inner">Given what the first two layers gave, where it will be wanted; null where not.</param>
    public FeatureMap Run(FeatureMap branches, FeatureMap[]? inner)
    {
        var result = new FeatureMap(branches.Count / 4, branches.Height, branches.Width, layers[2].Columns);
        var pixels = result.Count * result.Height * result.Width;
        Spread.For((pixels + AtOnce - 1) / AtOnce, part =>
        {
            var (first, count) = (part * AtOnce, Math.Min(AtOnce, pixels - (part * AtOnce)));
            using var joined = new FeatureMap(1, 1, AtOnce, 4 * branches.Channels);
            using var one = inner is null ? new FeatureMap(1, 1, AtOnce, layers[0].Columns) : null;
            using var two = inner is null ? new FeatureMap(1, 1, AtOnce, layers[1].Columns) : null;
            var x = one is null ? inner![0].Data + ((long)first * layers[0].Columns) : one.Data;
            var y = two is null ? inner![1].Data + ((long)first * layers[1].Columns) : two.Data;
            var places = stackalloc nint[4 * AtOnce];
            Locate(branches, first, count, places);
            Gather(places, count, branches.Channels, joined.Data);
            Locate(branches, first + AtOnce, Math.Min(AtOnce, pixels - first - AtOnce), places);
            Prefetch(places, Math.Min(AtOnce, pixels - first - AtOnce), branches.Channels);
            layers[0].Run(joined.Data, x, count);
            layers[1].Run(x, y, count);
            layers[2].Run(y, result.Data + ((long)first * result.Channels), count);
        });
        return result;
    }

    /// <summary>Gradients of the parameters, and of the branches before their last rectifier; the caller owns the latter.</summary>
    /// <param name="branches">What the branches gave.</param>
    /// <param name="inner">What the first two layers gave.</param>
    /// <param name="gradient">Of the prediction, its channels padded; borrowed.</param>
    /// <param name="finish">Is given each layer's number, sums, and their step; see <see cref="TrainedPointwise.Weights"/>.</param>
    public FeatureMap Back(FeatureMap branches, FeatureMap[] inner, FeatureMap gradient, Action<int, nint, int, long> finish)
    {
        var result = new FeatureMap(branches.Count, branches.Height, branches.Width, branches.Channels);
        // Nothing lies below the last rows.
        for (var image = 0; image < result.Count; image++)
        {
            new Span<float>(result.At(image, result.Height - shift, 0), shift * result.Width * result.Channels).Clear();
        }

        var pixels = gradient.Count * gradient.Height * gradient.Width;
        var sums = layers.Select(layer => new FeatureMap(1, 1, Shares, layer.SumsLength)).ToArray();
        foreach (var sum in sums)
        {
            new Span<float>(sum.Data, (int)sum.Length).Clear();
        }

        Spread.For(Shares, share =>
        {
            var (from, to) = ((int)((long)pixels * share / Shares), (int)((long)pixels * (share + 1) / Shares));
            using var joined = new FeatureMap(1, 1, AtOnce, 4 * branches.Channels);
            using var third = new FeatureMap(1, 1, AtOnce, layers[1].Columns);
            using var second = new FeatureMap(1, 1, AtOnce, layers[0].Columns);
            using var first = new FeatureMap(1, 1, AtOnce, 4 * branches.Channels);
            var places = stackalloc nint[4 * AtOnce];
            var targets = stackalloc nint[4 * AtOnce];
            Locate(branches, from, Math.Min(AtOnce, to - from), places);
            for (var at = from; at < to; at += AtOnce)
            {
                var count = Math.Min(AtOnce, to - at);
                var (x, y) = ((nint)(inner[0].Data + ((long)at * layers[0].Columns)), (nint)(inner[1].Data + ((long)at * layers[1].Columns)));
                var last = gradient.Data + ((long)at * gradient.Channels);
                Gather(places, count, branches.Channels, joined.Data);
                Locate(result, at, count, targets);
                Prefetch(targets, count, branches.Channels);
                Locate(branches, at + AtOnce, Math.Min(AtOnce, to - at - AtOnce), places);
                Prefetch(places, Math.Min(AtOnce, to - at - AtOnce), branches.Channels);
                layers[2].AddWeights(last, (float*)y, count, sums[2].At(0, 0, share));
                layers[2].Inputs(last, third.Data, count, (float*)y, slope);
                layers[1].AddWeights(third.Data, (float*)x, count, sums[1].At(0, 0, share));
                layers[1].Inputs(third.Data, second.Data, count, (float*)x, slope);
                layers[0].AddWeights(second.Data, joined.Data, count, sums[0].At(0, 0, share));
                layers[0].Inputs(second.Data, first.Data, count, joined.Data, slope);
                Scatter(first.Data, targets, count, branches.Channels);
            }
        });
        for (var layer = 0; layer < layers.Length; layer++)
        {
            finish(layer, (nint)sums[layer].Data, Shares, layers[layer].SumsLength);
            sums[layer].Dispose();
        }

        return result;
    }

    private static void Gather(nint* places, int count, int channels, float* to)
    {
        for (var i = 0; i < 4 * count; i++, to += channels)
        {
            var from = (float*)places[i];
            for (var at = 0; at < channels; at += Vector256<float>.Count)
            {
                (from is null ? default : Vector256.Load(from + at)).Store(to + at);
            }
        }
    }

    private static void Scatter(float* from, nint* places, int count, int channels)
    {
        for (var i = 0; i < 4 * count; i++, from += channels)
        {
            var to = (float*)places[i];
            for (var at = 0; to is not null && at < channels; at += Vector256<float>.Count)
            {
                Vector256.Load(from + at).Store(to + at);
            }
        }
    }

    // What comes next: turned maps are read across their rows, which the processor does not foresee.
    private static void Prefetch(nint* places, int count, int channels)
    {
        for (var i = 0; i < 4 * count; i++)
        {
            for (var at = 0; at < channels; at += Products.Channels)
            {
                Sse.Prefetch0((float*)places[i] + at);
            }
        }
    }

    // Where the four shares of each pixel come from; null for the rows of zeros that moved in.
    private void Locate(FeatureMap branches, int first, int count, nint* places)
    {
        var side = branches.Height;
        while (count > 0)
        {
            // A row of pixels is a row or a column of each branch.
            var (line, column) = Math.DivRem(first, side);
            var (image, row) = Math.DivRem(line, side);
            var run = Math.Min(count, side - column);
            for (var turn = 0; turn < 4; turn++)
            {
                var (fromRow, fromColumn) = HalfPlaneMaps.Turned(turn, row, column, side);
                var (nextRow, nextColumn) = HalfPlaneMaps.Turned(turn, row, column + 1, side);
                var step = (((nint)(nextRow - fromRow) * branches.Width) + nextColumn - fromColumn) * branches.Channels * sizeof(float);
                var place = (nint)branches.At((turn * (branches.Count / 4)) + image, fromRow - shift, fromColumn);
                for (var i = 0; i < run; i++, place += step)
                {
                    places[(4 * i) + turn] = fromRow + (i * (nextRow - fromRow)) < shift ? 0 : place;
                }
            }

            places += 4 * run;
            (first, count) = (first + run, count - run);
        }
    }
}

using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Training.ZeroShot;

/// <summary>
/// Windows of noisy images that begin on even rows and columns, so that the 2×2 cells of an image are always the same, and a mark for each cell: one in ten is
/// never learned from, if any are to be held out.
/// </summary>
/// <param name="images">On the network's scale, at least 32 × 32, equal channels.</param>
/// <param name="side">Largest side of a window, even.</param>
/// <param name="seeds">Of the run.</param>
/// <param name="holdOut">False to learn from all cells.</param>
internal sealed class ZeroShotCrops(IReadOnlyList<ImageBuffer> images, int side, SeedSequence seeds, bool holdOut)
{
    private const ulong OneIn = 10;
    private const int CheckedWindows = 4;

    private readonly float[][] _marks = [.. images.Select((image, index) => Marks(image, index, seeds, holdOut))];
    private readonly int _side = Math.Min(side, images.Min(image => Math.Min(image.Width, image.Height))) / 2 * 2;

    /// <summary>Random windows <c>[N, C, S, S]</c> and the marks of their cells <c>[N, 1, S/2, S/2]</c>: 1 to learn from. The caller owns both.</summary>
    public (Tensor Noisy, Tensor Counts) Draw(int batch, long step)
    {
        var random = seeds.ManagedFor("window", step);
        var total = images.Sum(Area);
        var windows = new (int Image, int Top, int Left)[batch];
        for (var n = 0; n < batch; n++)
        {
            var (place, index) = (random.NextInt64(total), 0);
            while (place >= Area(images[index]))
            {
                place -= Area(images[index++]);
            }

            windows[n] = (index, random.Next(((images[index].Height - _side) / 2) + 1) * 2, random.Next(((images[index].Width - _side) / 2) + 1) * 2);
        }

        return Cut(windows);
    }

    /// <summary>Windows of the first image that are always the same, spread over it, for checks.</summary>
    public (Tensor Noisy, Tensor Counts) Fixed()
    {
        var (height, width) = (images[0].Height - _side, images[0].Width - _side);
        (int, int Top, int Left)[] windows = [(0, 0, 0), (0, height / 2 * 2, width / 2 * 2), (0, 0, width / 2 * 2), (0, height / 2 * 2, 0)];
        return Cut([.. windows.DistinctBy(window => (window.Top, window.Left)).Take(CheckedWindows)]);
    }

    private static long Area(ImageBuffer image) => (long)image.Width * image.Height;

    private static float[] Marks(ImageBuffer image, int index, SeedSequence seeds, bool holdOut)
    {
        var marks = new float[image.Height / 2 * (image.Width / 2)];
        var own = new SeedSequence(seeds.Derive("held-out", index));
        for (var i = 0; i < marks.Length; i++)
        {
            marks[i] = holdOut && own.Derive("", i) % OneIn == 0 ? 0 : 1;
        }

        return marks;
    }

    private (Tensor Noisy, Tensor Counts) Cut((int Image, int Top, int Left)[] windows)
    {
        var (channels, half) = (images[0].Channels, _side / 2);
        var (values, marks) = (new float[windows.Length * channels * _side * _side], new float[windows.Length * half * half]);
        for (var n = 0; n < windows.Length; n++)
        {
            var (index, top, left) = windows[n];
            var image = images[index];
            for (var row = 0; row < channels * _side; row++)
            {
                image.Plane(row / _side).Slice(((top + (row % _side)) * image.Width) + left, _side).CopyTo(values.AsSpan(((n * channels * _side) + row) * _side));
            }

            for (var row = 0; row < half; row++)
            {
                _marks[index].AsSpan((((top / 2) + row) * (image.Width / 2)) + (left / 2), half).CopyTo(marks.AsSpan(((n * half) + row) * half));
            }
        }

        return (tensor(values, [windows.Length, channels, _side, _side]), tensor(marks, [windows.Length, 1, half, half]));
    }
}

using System.Runtime.InteropServices;
using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>Cuts patches from images at full and half size, and mixes in generated textures, so that a network is not tied to the few photographs at hand.</summary>
internal sealed class PatchSource(IReadOnlyList<ImageBuffer> images, int size)
{
    private const double Generated = 0.15;

    /// <summary><c>[N, 3, P, P]</c> in [0, 1]; the caller owns it.</summary>
    public Tensor Draw(int count, RandomStream random)
    {
        using var scope = NewDisposeScope();
        return cat([.. Enumerable.Range(0, count).Select(_ => images.Count == 0 || random.NextDouble() < Generated ? Texture(random) : Cut(random))], 0)
            .MoveToOuterDisposeScope();
    }

    private Tensor Cut(RandomStream random)
    {
        var image = images[random.Next(images.Count)];
        var scale = Math.Min(image.Width, image.Height) >= 2 * size && random.Next(3) == 0 ? 2 : 1;
        var side = size * scale;
        var (top, left) = (random.Next(image.Height - side + 1), random.Next(image.Width - side + 1));
        var planes = new float[3 * side * side];
        for (var row = 0; row < 3 * side; row++)
        {
            image.Plane(image.Channels == 3 ? row / side : 0).Slice(((top + (row % side)) * image.Width) + left, side).CopyTo(planes.AsSpan(row * side));
        }

        var patch = empty([1, 3, side, side]);
        patch.bytes = MemoryMarshal.AsBytes(planes.AsSpan());
        if (random.Next(2) == 0)
        {
            patch = patch.flip(3);
        }

        return scale == 1 ? patch : nn.functional.avg_pool2d(patch, [2, 2], [2, 2]);
    }

    // A sum of noise at several sizes with a random slope of its spectrum, coloured, sometimes cut into hard-edged regions.
    private Tensor Texture(RandomStream random)
    {
        using var generator = new Generator(random.NextBits());
        var slope = 0.5 + random.NextDouble();
        var sum = zeros(1, 3, size, size);
        for (var cells = 2; cells <= size; cells *= 2)
        {
            var layer = randn([1, 3, cells, cells], generator: generator);
            layer = layer.Plus(layer.mean([1], keepdim: true).Times(2)).Times(Math.Pow(cells, -slope));
            sum = sum.Plus(nn.functional.interpolate(layer, size: [size, size], mode: InterpolationMode.Bilinear, align_corners: false));
        }

        var spread = sum / sum.std().Plus(1e-6);
        if (random.Next(3) == 0)
        {
            spread = spread.sign().Times(0.8);
        }

        return spread.Times(0.1 + (0.2 * random.NextDouble())).Plus(0.25 + (0.5 * random.NextDouble())).clamp(Arithmetic.Zero, Arithmetic.One);
    }
}

namespace Grainy.Core.Weights;

/// <summary>Names and shapes of the tensors of the known weights, as torchvision and LPIPS name them. Kernels are out, in, height, width.</summary>
internal static class WeightShapes
{
    /// <summary>One weight per channel of each compared layer (elpips.md 1.3 and 2.6).</summary>
    public static Dictionary<string, long[]> Heads(params long[] channels) =>
        channels.Select((count, layer) => (count, layer)).ToDictionary(head => $"lin{head.layer}.model.1.weight", head => new[] { 1, head.count, 1, 1 });

    public static Dictionary<string, long[]> AlexNet()
    {
        var shapes = new Dictionary<string, long[]>();
        Convolution(shapes, "features.0", 64, 3, 11);
        Convolution(shapes, "features.3", 192, 64, 5);
        Convolution(shapes, "features.6", 384, 192, 3);
        Convolution(shapes, "features.8", 256, 384, 3);
        Convolution(shapes, "features.10", 256, 256, 3);
        return shapes;
    }

    public static Dictionary<string, long[]> Vgg16()
    {
        var shapes = new Dictionary<string, long[]>();
        var input = 3L;
        (int Index, long Channels)[] layers =
            [(0, 64), (2, 64), (5, 128), (7, 128), (10, 256), (12, 256), (14, 256), (17, 512), (19, 512), (21, 512), (24, 512), (26, 512), (28, 512)];
        foreach (var (index, channels) in layers)
        {
            Convolution(shapes, $"features.{index}", channels, input, 3);
            input = channels;
        }

        return shapes;
    }

    public static Dictionary<string, long[]> SqueezeNet()
    {
        var shapes = new Dictionary<string, long[]>();
        Convolution(shapes, "features.0", 64, 3, 3);
        var input = 64L;
        (int, long, long)[] modules =
            [(3, 16, 64), (4, 16, 64), (6, 32, 128), (7, 32, 128), (9, 48, 192), (10, 48, 192), (11, 64, 256), (12, 64, 256)];
        foreach (var (index, squeeze, expand) in modules)
        {
            Convolution(shapes, $"features.{index}.squeeze", squeeze, input, 1);
            Convolution(shapes, $"features.{index}.expand1x1", expand, squeeze, 1);
            Convolution(shapes, $"features.{index}.expand3x3", expand, squeeze, 3);
            input = 2 * expand;
        }

        return shapes;
    }

    private static void Convolution(Dictionary<string, long[]> shapes, string name, long output, long input, long side)
    {
        shapes[name + ".weight"] = [output, input, side, side];
        shapes[name + ".bias"] = [output];
    }
}

namespace Grainy.Core.Weights;

/// <summary>A weights file that Grainy can use, and how to tell that it is the right one.</summary>
/// <param name="Name">Name of the file without its ending.</param>
/// <param name="Purpose">What it is for, for people.</param>
/// <param name="Source">Where the official file comes from, for people.</param>
/// <param name="ContentHash">Expected <see cref="WeightHash"/>.</param>
/// <param name="Shapes">Expected tensors.</param>
public sealed record KnownWeight(string Name, string Purpose, string Source, string ContentHash, IReadOnlyDictionary<string, long[]> Shapes)
{
    /// <summary>True when the names and shapes are exactly the expected ones.</summary>
    public bool Fits(IReadOnlyDictionary<string, WeightTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return tensors.Count == Shapes.Count && Shapes.All(shape => tensors.TryGetValue(shape.Key, out var tensor) && tensor.HasShape(shape.Value));
    }
}

/// <summary>
/// The weights of the published metrics. Several share names and shapes but not numbers, and a metric fed with the wrong ones looks healthy and means nothing;
/// hence a file is known by its content alone.
/// </summary>
public static class KnownWeights
{
    private const string Torchvision = "torchvision, ImageNet";
    private const string Lpips = "richzhang/PerceptualSimilarity, lpips/weights/v0.1";
    private const string ELpips = "mkettune/elpips, elpips";

    /// <summary>All of them, backbones first.</summary>
    public static IReadOnlyList<KnownWeight> All { get; } =
    [
        new("squeezenet1_1_features", "backbone of lpips-squeeze and elpips-squeeze", $"{Torchvision}: squeezenet1_1",
            "b1be809277bf03ee6b3e3998c0aa83b2b82bfc6e51183a91c884f1a2b69403f9", SqueezeNet()),
        new("alexnet_features", "backbone of lpips-alex", $"{Torchvision}: alexnet",
            "fef23408a8a8d53a406a8936015243874855800024d8b24a70ffaf9570c5ff66", AlexNet()),
        new("lpips_lin_v0.1_squeeze", "heads of lpips-squeeze", $"{Lpips}/squeeze.pth",
            "1196f7d670b982ccc61930db02b410325aa998a0411256b4ee89678f0c4557c3", Heads(64, 128, 256, 384, 384, 512, 512)),
        new("lpips_lin_v0.1_alex", "heads of lpips-alex", $"{Lpips}/alex.pth",
            "31cfec3228b7388096766a8106afb56d808ad03ca7e4ef3f5bc902b14f5accb2", Heads(64, 192, 384, 256, 256)),
        new("lpips_lin_v0.1_vgg", "heads of LPIPS on VGG-16", $"{Lpips}/vgg.pth",
            "256028ae5453a44e616cbeefc4219ec0c6b402f15085601d262d0cb0d5b4221e", Heads(64, 128, 256, 512, 512)),
        new("elpips_lin_squeeze_full_maxpool", "heads of elpips-squeeze", $"{ELpips}/squeeze_full_maxpool.npy",
            "2a53cc86a1a35e3237ef6a59959ae888186055b87b0a3c1dfce72efa5ae497b5", Heads(3, 64, 128, 128, 256, 256, 384, 384, 512, 512)),
        new("elpips_lin_squeeze", "heads of the plain squeeze mode of E-LPIPS", $"{ELpips}/squeeze.npy",
            "39d6fc08f0307ab582e66262912dba1721b1b2b5fa490ca6fcc7e23f791605ad", Heads(64, 128, 256, 384, 384, 512, 512)),
        new("elpips_lin_vgg_full_avg", "heads of E-LPIPS on VGG-16", $"{ELpips}/vgg_full_avg.npy",
            "04179a723de8262d646954bc83a742727280a66ce63a1b707294f075789fa582", Heads(3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)),
        new("elpips_lin_vgg_maxpool", "heads of the plain VGG mode of E-LPIPS", $"{ELpips}/vgg_maxpool.npy",
            "2d1622e60ecc0778d35d098a402e6d68a8737f03117dac86a991984e19b43340", Heads(64, 128, 256, 512, 512)),
    ];

    /// <summary>The entry of that name, if any.</summary>
    public static KnownWeight? Find(string name) => All.FirstOrDefault(known => known.Name == name);

    private static Dictionary<string, long[]> Heads(params long[] channels) =>
        channels.Select((count, layer) => (count, layer)).ToDictionary(head => $"lin{head.layer}.model.1.weight", head => new[] { 1, head.count, 1, 1 });

    private static Dictionary<string, long[]> AlexNet()
    {
        var shapes = new Dictionary<string, long[]>();
        Convolution(shapes, "features.0", 64, 3, 11);
        Convolution(shapes, "features.3", 192, 64, 5);
        Convolution(shapes, "features.6", 384, 192, 3);
        Convolution(shapes, "features.8", 256, 384, 3);
        Convolution(shapes, "features.10", 256, 256, 3);
        return shapes;
    }

    private static Dictionary<string, long[]> SqueezeNet()
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

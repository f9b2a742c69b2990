using static Grainy.Core.Weights.WeightShapes;

namespace Grainy.Core.Weights;

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
    /// <remarks>
    /// The checksums of torchvision's files begin with the digits that torchvision puts into their names; those of the heads were taken from the repositories at
    /// the pinned versions.
    /// </remarks>
    public static IReadOnlyList<KnownWeight> All { get; } =
    [
        new("squeezenet1_1_features", "SqueezeNet 1.1", $"{Torchvision}: squeezenet1_1",
            "b1be809277bf03ee6b3e3998c0aa83b2b82bfc6e51183a91c884f1a2b69403f9", SqueezeNet())
        {
            File = FromTorchvision("squeezenet1_1-b8a52dc0.pth", 4_958_839, "b8a52dc049b60e4b6ab68ad0df457362afab8b6304b2febdc1650a5dab4d7e7b"),
        },
        new("alexnet_features", "AlexNet", $"{Torchvision}: alexnet", "fef23408a8a8d53a406a8936015243874855800024d8b24a70ffaf9570c5ff66", AlexNet())
        {
            File = FromTorchvision("alexnet-owt-7be5be79.pth", 244_408_911, "7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02"),
        },
        new("vgg16_features", "VGG-16", $"{Torchvision}: vgg16", null, Vgg16())
        {
            File = FromTorchvision("vgg16-397923af.pth", 553_433_881, "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0"),
            Sample = new PublishedSample(
                "features.0.bias",
                [
                    0.4034f, 0.3778f, 0.4644f, -0.3228f, 0.3940f, -0.3953f, 0.3951f, -0.5496f,
                    0.2693f, -0.7602f, -0.3508f, 0.2334f, -1.3239f, -0.1694f, 0.3938f, -0.1026f,
                ],
                0.00006f),
        },
        new("lpips_lin_v0.1_squeeze", "heads of LPIPS", $"{Lpips}/squeeze.pth",
            "1196f7d670b982ccc61930db02b410325aa998a0411256b4ee89678f0c4557c3", Heads(64, 128, 256, 384, 384, 512, 512))
        {
            File = FromLpips("squeeze.pth", 10_811, "4a5350f23600cb79923ce65bb07cbf57dca461329894153e05a1346bd531cf76"),
        },
        new("lpips_lin_v0.1_alex", "heads of LPIPS", $"{Lpips}/alex.pth",
            "31cfec3228b7388096766a8106afb56d808ad03ca7e4ef3f5bc902b14f5accb2", Heads(64, 192, 384, 256, 256))
        {
            File = FromLpips("alex.pth", 6_009, "df73285e35b22355a2df87cdb6b70b343713b667eddbda73e1977e0c860835c0"),
        },
        new("lpips_lin_v0.1_vgg", "heads of LPIPS", $"{Lpips}/vgg.pth",
            "256028ae5453a44e616cbeefc4219ec0c6b402f15085601d262d0cb0d5b4221e", Heads(64, 128, 256, 512, 512))
        {
            File = FromLpips("vgg.pth", 7_289, "a78928a0af1e5f0fcb1f3b9e8f8c3a2a5a3de244d830ad5c1feddc79b8432868"),
        },
        new("elpips_lin_squeeze_full_maxpool", "heads of E-LPIPS", $"{ELpips}/squeeze_full_maxpool.npy",
            "2a53cc86a1a35e3237ef6a59959ae888186055b87b0a3c1dfce72efa5ae497b5", Heads(3, 64, 128, 128, 256, 256, 384, 384, 512, 512))
        {
            File = FromELpips("squeeze_full_maxpool.npy", 14_259, "bcaae2eb93410893fb2f97b5fc57854ef9cc8ebb813304a617a5416b68bedc22"),
        },
        new("elpips_lin_squeeze", "heads of E-LPIPS", $"{ELpips}/squeeze.npy",
            "39d6fc08f0307ab582e66262912dba1721b1b2b5fa490ca6fcc7e23f791605ad", Heads(64, 128, 256, 384, 384, 512, 512))
        {
            File = FromELpips("squeeze.npy", 13_135, "9cf7e036dbcac9e8134b45641e5efd32c5e97681f7c3b08b911ab3c78236a4b9"),
        },
        new("elpips_lin_vgg_full_avg", "heads of E-LPIPS", $"{ELpips}/vgg_full_avg.npy",
            "04179a723de8262d646954bc83a742727280a66ce63a1b707294f075789fa582", Heads(3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512))
        {
            File = FromELpips("vgg_full_avg.npy", 23_948, "2f9171c0fb542223efc240fed40c0e56ad3014d5a9153e4a3fdc00cf7b1bb16e"),
        },
        new("elpips_lin_vgg_maxpool", "heads of E-LPIPS", $"{ELpips}/vgg_maxpool.npy",
            "2d1622e60ecc0778d35d098a402e6d68a8737f03117dac86a991984e19b43340", Heads(64, 128, 256, 512, 512))
        {
            File = FromELpips("vgg_maxpool.npy", 8_542, "0466232a296381ec27a580a1e8977dd8bc3bd552f36644b03de41189a8afc03e"),
        },
    ];

    /// <summary>The entry of that name, if any.</summary>
    public static KnownWeight? Find(string name) => All.FirstOrDefault(known => known.Name == name);

    private static OfficialFile FromTorchvision(string file, long size, string sha256) =>
        new(new Uri("https://download.pytorch.org/models/" + file), size, sha256, "BSD-3-Clause");

    private static OfficialFile FromLpips(string file, long size, string sha256) => new(
        new Uri("https://raw.githubusercontent.com/richzhang/PerceptualSimilarity/082bb24f84c091ea94de2867d34c4544f68e0963/lpips/weights/v0.1/" + file),
        size,
        sha256,
        "BSD-2-Clause");

    private static OfficialFile FromELpips(string file, long size, string sha256) => new(
        new Uri("https://raw.githubusercontent.com/mkettune/elpips/9192007c5971919caebc0dc7c866fa872406f468/elpips/" + file), size, sha256, "BSD-2-Clause");
}

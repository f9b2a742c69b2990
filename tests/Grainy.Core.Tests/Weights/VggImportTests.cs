using System.Globalization;
using System.Security.Cryptography;
using Grainy.Core.Weights;

namespace Grainy.Core.Tests.Weights;

/// <summary>VGG-16 is the one set whose values have no published checksum: the official file vouches for them. A file of its full size stands in for it.</summary>
public sealed class VggImportTests : IDisposable
{
    private static readonly KnownWeight Vgg = KnownWeights.Find("vgg16_features")!;
    private static readonly float[] FirstBias = [.. Vgg.Sample!.Values, .. new float[48]];

    private readonly string _folder = Directory.CreateTempSubdirectory("grainy-vgg-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Trait("Category", "slow")]
    [Fact]
    public void Import_should_keep_the_features_of_a_whole_classifier_without_reading_the_rest()
    {
        // The classifier of the official file has 124 million numbers; here it is a hole in the file.
        var path = Path.Combine(_folder, "vgg16.pth");
        LegacyFile.Write(path, [.. Features(), ("classifier.0.weight", [4096, 25088], null), ("classifier.0.bias", [4096], null)]);
        new FileInfo(path).Length.ShouldBeGreaterThan(450_000_000);
        KnownWeight[] known = [Vgg with { File = Vgg.File with { Sha256 = Sha256(path) } }];
        var features = Vgg.Shapes.Values.Sum(shape => 4 * shape.Aggregate(1L, (product, size) => product * size));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var imported = WeightImport.Import(path, Path.Combine(_folder, "weights"), known);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(features + (16 << 20));
        (imported.Name, imported.Doubt).ShouldBe(("vgg16_features", null));
        var tensors = Safetensors.Read(imported.Path);
        Vgg.Fits(tensors).ShouldBeTrue();
        tensors["features.28.weight"].Values.ShouldBe(Ramp(28, 512 * 512 * 9));
        tensors["features.0.bias"].Values.ShouldBe(FirstBias);
    }

    [Fact]
    public void Import_should_say_what_it_cannot_verify_and_see_later_damage()
    {
        var path = Path.Combine(_folder, "features.pth");
        LegacyFile.Write(path, Features());
        var weights = Path.Combine(_folder, "weights");

        var imported = WeightImport.Import(path, weights);

        imported.Doubt.ShouldBe(
            "vgg16_features begins as published, but no checksum of all its values is: only vgg16-397923af.pth itself can be verified to the last digit");
        var store = new WeightStore([weights]);
        store.Require("vgg16_features").Doubt.ShouldBe(imported.Doubt);
        var report = WeightVerification.Report(store).Single(report => report.Name == "vgg16_features");
        (report.Verified, report.Problem, report.Doubt).ShouldBe((false, null, imported.Doubt));

        using (var file = new FileStream(imported.Path, FileMode.Open))
        {
            file.Position = file.Length - 2;
            file.WriteByte(0x40);
        }

        Should.Throw<WeightFormatException>(() => store.Require("vgg16_features")).Message.ShouldContain("was damaged or changed after it was imported");
    }

    [Fact]
    public void Import_should_refuse_a_network_of_another_training()
    {
        var path = Path.Combine(_folder, "caffe.pth");
        LegacyFile.Write(path, [.. Features().Select(tensor => tensor.Name == "features.0.bias" ? tensor with { Values = () => new float[64] } : tensor)]);

        Should.Throw<WeightFormatException>(() => WeightImport.Import(path, Path.Combine(_folder, "weights"))).Message.ShouldContain(
            "has the shapes of vgg16_features but other numbers, so it would not give the published values; get the official file (torchvision, ImageNet: vgg16).");
        Directory.Exists(Path.Combine(_folder, "weights")).ShouldBeFalse();
    }

    private static IReadOnlyList<(string Name, long[] Shape, Func<float[]>? Values)> Features() =>
        [.. Vgg.Shapes.Select(shape => (shape.Key, shape.Value, (Func<float[]>?)(() => Values(shape.Key, shape.Value))))];

    private static float[] Values(string name, long[] shape) => name == "features.0.bias"
        ? FirstBias
        : Ramp(int.Parse(name.Split('.')[1], CultureInfo.InvariantCulture), shape.Aggregate(1L, (product, size) => product * size));

    private static float[] Ramp(int layer, long count)
    {
        var values = new float[count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (((i * 7) + (layer * 13)) % 201 / 1000f) - 0.1f;
        }

        return values;
    }

    private static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}

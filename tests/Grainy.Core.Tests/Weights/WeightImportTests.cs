using System.Text;
using Grainy.Core.Weights;

namespace Grainy.Core.Tests.Weights;

public sealed class WeightImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grainy-weights-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("pth/lpips_v0.1_alex.pth", "lpips_lin_v0.1_alex")]
    [InlineData("pth/lpips_v0.1_squeeze.pth", "lpips_lin_v0.1_squeeze")]
    [InlineData("pth/lpips_v0.1_vgg.pth", "lpips_lin_v0.1_vgg")]
    [InlineData("pth/squeezenet1_1_features.pth", "squeezenet1_1_features")]
    [InlineData("npy/squeeze.npy", "elpips_lin_squeeze")]
    [InlineData("npy/squeeze_full_maxpool.npy", "elpips_lin_squeeze_full_maxpool")]
    [InlineData("npy/vgg_full_avg.npy", "elpips_lin_vgg_full_avg")]
    [InlineData("npy/vgg_maxpool.npy", "elpips_lin_vgg_maxpool")]
    [InlineData("alexnet_features.safetensors", "alexnet_features")]
    public void Import_should_know_an_official_file_whatever_its_name(string file, string name)
    {
        var renamed = Path.Combine(_folder, "download.bin");
        File.Copy(SharedData.Require("weights/" + file), renamed);
        var folder = Path.Combine(_folder, "weights");

        var imported = WeightImport.Import(renamed, folder);

        imported.Name.ShouldBe(name);
        Directory.GetFiles(folder).ShouldBe([imported.Path]);
        var found = new WeightStore([folder]).Find(name).ShouldNotBeNull();
        (found.Origin, found.Hash).ShouldBe((imported.Path, imported.Hash));
        WeightHash.Of(Safetensors.Read(SharedData.Require($"weights/{name}.safetensors"))).ShouldBe(imported.Hash);
    }

    // NumPy keeps the order of a transposed array: kernels of one pixel come with the first axis running fastest, the others row-major.
    [Fact]
    public void Import_should_take_in_the_kernels_of_elpips()
    {
        var official = Safetensors.Read(SharedData.Require("weights/squeezenet1_1_features.safetensors"));
        var file = Path.Combine(_folder, "squeeze_pytorch_transposed_nonlinear_features.npy");
        File.WriteAllBytes(file, NpyFile.Of([.. official.Select(pair => (pair.Key["features.".Length..], HeightWidthInOut(pair.Value)))]));

        var imported = WeightImport.Import(file, Path.Combine(_folder, "weights"));

        (imported.Name, imported.Hash, imported.Doubt).ShouldBe(("squeezenet1_1_features", KnownWeights.Find("squeezenet1_1_features")!.ContentHash!, null));

        static byte[] HeightWidthInOut(WeightTensor tensor)
        {
            if (tensor.Shape is not [var output, var input, var height, var width])
            {
                return PickleBytes.Array(tensor.Shape, tensor.Values, columnOrder: false);
            }

            long[] shape = [height, width, input, output];
            return height == 1
                ? PickleBytes.Array(shape, tensor.Values, columnOrder: true)
                : PickleBytes.Array(shape, [.. Rows()], columnOrder: false);

            IEnumerable<float> Rows()
            {
                for (var at = 0L; at < tensor.Values.LongLength; at++)
                {
                    var (o, i, pixel) = (at % output, at / output % input, at / (output * input));
                    yield return tensor.Values[(((o * input) + i) * height * width) + pixel];
                }
            }
        }
    }

    // Channels of another training mean nothing to the heads, however healthy the distance looks.
    [Theory]
    [InlineData("squeezenet1_1_features", "features.3.squeeze.weight", "torchvision, ImageNet: squeezenet1_1")]
    [InlineData("alexnet_features", "features.0.bias", "torchvision, ImageNet: alexnet")]
    [InlineData("lpips_lin_v0.1_squeeze", "lin0.model.1.weight", "richzhang/PerceptualSimilarity, lpips/weights/v0.1/squeeze.pth")]
    public void Import_should_refuse_a_backbone_or_heads_of_another_training(string name, string tensor, string source)
    {
        var tensors = Safetensors.Read(SharedData.Require($"weights/{name}.safetensors")).ToDictionary(pair => pair.Key, pair => pair.Value);
        System.Array.Reverse(tensors[tensor].Values);

        Refusal(Write(name, tensors)).ShouldContain(
            $"has the shapes of {name} but other numbers, so it would not give the published values; get the official file ({source}).");
    }

    [Fact]
    public void Store_should_refuse_heads_under_the_name_of_another_backbone()
    {
        File.Copy(SharedData.Require("weights/lpips_lin_v0.1_alex.safetensors"), Path.Combine(_folder, "lpips_lin_v0.1_squeeze.safetensors"));
        File.Copy(SharedData.Require("weights/elpips_lin_squeeze.safetensors"), Path.Combine(_folder, "lpips_lin_v0.1_vgg.safetensors"));
        var store = new WeightStore([_folder]);

        Should.Throw<WeightFormatException>(() => store.Require("lpips_lin_v0.1_squeeze")).Message
            .ShouldEndWith("holds 'lin1.model.1.weight' with the shape [1, 192, 1, 1] where lpips_lin_v0.1_squeeze has [1, 128, 1, 1]; import the official file again.");
        Should.Throw<WeightFormatException>(() => store.Require("lpips_lin_v0.1_vgg")).Message.ShouldContain("import the official file again");
    }

    [Fact]
    public void Import_should_write_where_the_weights_came_from()
    {
        var imported = WeightImport.Import(SharedData.Require("weights/pth/lpips_v0.1_alex.pth"), _folder);

        var metadata = new WeightStore([_folder]).Require(imported.Name).Metadata;
        metadata["file"].ShouldBe("lpips_v0.1_alex.pth");
        metadata["file_sha256"].ShouldBe(KnownWeights.Find(imported.Name)!.File.Sha256);
        metadata["content_sha256"].ShouldBe(imported.Hash);
        metadata["licence"].ShouldBe("BSD-2-Clause");
        metadata["address"].ShouldBe(KnownWeights.Find(imported.Name)!.File.Address.ToString());
    }

    [Fact]
    public void Import_should_refuse_the_right_shapes_with_other_numbers()
    {
        var tensors = Safetensors.Read(SharedData.Require("weights/lpips_lin_v0.1_alex.safetensors")).ToDictionary(pair => pair.Key, pair => pair.Value);
        tensors["lin2.model.1.weight"].Values[17] += 1e-6f;

        Refusal(Write("tampered", tensors)).ShouldContain(
            "has the shapes of lpips_lin_v0.1_alex but other numbers, so it would not give the published values; "
            + "get the official file (richzhang/PerceptualSimilarity, lpips/weights/v0.1/alex.pth).");
        Directory.Exists(Path.Combine(_folder, "out")).ShouldBeFalse();
    }

    [Fact]
    public void Import_should_refuse_what_it_does_not_know()
    {
        Refusal(Write("other", new Dictionary<string, WeightTensor> { ["conv.weight"] = new([2], [1, 2]) }))
            .ShouldContain("holds 1 tensors whose names and shapes fit none of the weights");
        var text = Path.Combine(_folder, "text.pth");
        File.WriteAllText(text, "This is no file of weights.");
        Refusal(text).ShouldEndWith("is no file of weights that Grainy can read; give a .pth, .npy or .safetensors file as it was downloaded.");
        File.WriteAllText(text, "");
        Refusal(text).ShouldEndWith("is empty; fetch it again.");
    }

    [Fact]
    public void Store_should_search_its_folders_in_order_and_never_pass_over_a_damaged_file()
    {
        var (first, second) = (Directory.CreateDirectory(Path.Combine(_folder, "1")).FullName, Directory.CreateDirectory(Path.Combine(_folder, "2")).FullName);
        var store = new WeightStore([first, Path.Combine(_folder, "missing"), second]);
        store.Find("lpips_lin_v0.1_vgg").ShouldBeNull();
        Should.Throw<WeightFormatException>(() => store.Require("lpips_lin_v0.1_vgg"))
            .Message.ShouldStartWith("The weights 'lpips_lin_v0.1_vgg' are not installed; fetch them with 'grainy weights pull lpips_lin_v0.1_vgg', import them with");

        var official = File.ReadAllBytes(SharedData.Require("weights/lpips_lin_v0.1_vgg.safetensors"));
        File.WriteAllBytes(Path.Combine(second, "lpips_lin_v0.1_vgg.safetensors"), official);
        store.Require("lpips_lin_v0.1_vgg").Origin.ShouldStartWith(second);

        official[^1] ^= 1;
        File.WriteAllBytes(Path.Combine(first, "lpips_lin_v0.1_vgg.safetensors"), official);
        Should.Throw<WeightFormatException>(() => store.Find("lpips_lin_v0.1_vgg")).Message.ShouldContain("but other numbers");
        WeightVerification.Report(store).Single(report => report.Name == "lpips_lin_v0.1_vgg").Verified.ShouldBeFalse();
        WeightVerification.Report(store).Single(report => report.Name == "alexnet_features").Origin.ShouldBeNull();
        Should.Throw<ArgumentException>(() => store.Find("../secret"));
    }

    [Fact]
    public void Safetensors_should_come_back_as_they_were_written()
    {
        var tensors = new Dictionary<string, WeightTensor> { ["b"] = new([2, 2], [1, 2, 3, float.NaN]), ["a"] = new([], [7]), ["ü"] = new([0], []) };

        var read = Safetensors.Read(Write("some", tensors));

        read.Keys.ShouldBe(["a", "b", "ü"]);
        read["b"].Shape.ShouldBe([2, 2]);
        read["b"].Values.ShouldBe(tensors["b"].Values);
        WeightHash.Of(read).ShouldBe(WeightHash.Of(tensors));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""", "are not where its header says")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "are not where its header says")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,8],"data_offsets":[0,8]}}""", "damaged safetensors header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "damaged safetensors header")]
    [InlineData("""{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", "which is no floating-point type")]
    [InlineData("""{"a":{"shape":[2]}}""", "damaged safetensors header")]
    [InlineData("""[1,2]""", "damaged safetensors header")]
    [InlineData("""{"a":""", "damaged safetensors header")]
    public void Safetensors_should_refuse_a_header_that_lies(string header, string reason)
    {
        byte[] file = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[8]];

        Should.Throw<WeightFormatException>(() => Safetensors.Read(file, "x.safetensors")).Message.ShouldContain(reason);
        Should.Throw<WeightFormatException>(() => Safetensors.Read(file.AsMemory(0, 12), "x.safetensors")).Message.ShouldContain("truncated");
    }

    private string Write(string name, IReadOnlyDictionary<string, WeightTensor> tensors)
    {
        var path = Path.Combine(_folder, name + ".safetensors");
        using var stream = File.Create(path);
        Safetensors.Write(tensors, stream);
        return path;
    }

    private string Refusal(string path) => Should.Throw<WeightFormatException>(() => WeightImport.Import(path, Path.Combine(_folder, "out"))).Message;
}

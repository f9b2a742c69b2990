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
            .Message.ShouldStartWith("The weights 'lpips_lin_v0.1_vgg' are not installed; import them with");

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

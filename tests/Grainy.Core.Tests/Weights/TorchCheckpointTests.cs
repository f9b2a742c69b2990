using System.IO.Compression;
using System.Text;
using Grainy.Core.Weights;

namespace Grainy.Core.Tests.Weights;

public sealed class TorchCheckpointTests
{
    private static readonly float[] Six = [1, 2, 3, 4, 5, 6];

    // Sums: computed from the same files by an independent script, 2026-11-23.
    [Theory]
    [InlineData("alex", new[] { 2.3495323, 16.143027, 39.268439, 27.197178, 20.317177 })]
    [InlineData("vgg", new[] { 6.9259917, 8.858334, 17.515006, 51.521323, 47.034854 })]
    [InlineData("squeeze", new[] { 5.6901008, 1.1852795, 16.326565, 71.012624, 37.370723, 24.262872, 17.590553 })]
    public void Read_should_take_in_the_legacy_files_of_lpips(string net, double[] sums)
    {
        var tensors = TorchCheckpoint.Read(SharedData.Require($"weights/pth/lpips_v0.1_{net}.pth"));

        tensors.Count.ShouldBe(sums.Length);
        for (var layer = 0; layer < sums.Length; layer++)
        {
            var head = tensors[$"lin{layer}.model.1.weight"];
            head.Shape.ShouldBe([1, head.Values.Length, 1, 1]);
            head.Values.Sum(value => (double)value).ShouldBe(sums[layer], 1e-5 * sums[layer]);
        }
    }

    [Fact]
    public void Read_should_take_in_a_zip_file()
    {
        var tensor = TorchCheckpoint.Read(ZipCheckpoint.OneTensor(Six), "new.pth")["a.weight"];

        tensor.Shape.ShouldBe([2, 3]);
        tensor.Values.ShouldBe(Six);
    }

    [Fact]
    public void Read_should_put_strided_values_in_order() =>
        TorchCheckpoint.Read(ZipCheckpoint.OneTensor(Six, strides: [1, 2]), "new.pth")["a.weight"].Values.ShouldBe([1, 3, 5, 2, 4, 6]);

    [Theory]
    [InlineData("os", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch", "load")]
    public void Read_should_run_nothing_of_a_hostile_pickle(string module, string name)
    {
        var call = Encoding.ASCII.GetBytes($"c{module}\n{name}\n(X\u0004\0\0\0truetR.");

        Refusal(ZipCheckpoint.WithPickle([0x80, 2, .. call])).ShouldBe(
            $"'bad.pth' asks to run '{module}.{name}', which no file of weights needs; nothing was run and nothing was imported. Get the official file.");
    }

    [Theory]
    [InlineData("(S'id'\nios\nsystem\n.", "0x53")] // INST of protocol 0
    [InlineData("(cos\nsystem\nX\u0002\0\0\0ido.", "0x6f")] // OBJ
    public void Read_should_stop_at_an_instruction_that_is_not_on_its_list(string pickle, string opcode) =>
        Refusal(ZipCheckpoint.WithPickle(Encoding.ASCII.GetBytes(pickle)))
            .ShouldStartWith($"'bad.pth' uses the pickle instruction {opcode}, which no file of weights needs;");

    [Fact]
    public void Read_should_refuse_strides_outside_of_the_storage() =>
        Refusal(ZipCheckpoint.OneTensor(Six, strides: [4, 1])).ShouldBe("'bad.pth' is no valid checkpoint: its list of tensors is damaged; fetch it again.");

    [Fact]
    public void Read_should_refuse_what_could_blow_up() =>
        Refusal(ZipCheckpoint.OneTensor(new float[200], compression: CompressionLevel.Optimal)).ShouldContain("compressed or oversized entry");

    [Fact]
    public void Read_should_refuse_integers() =>
        Refusal(ZipCheckpoint.OneTensor(Six, "LongStorage"))
            .ShouldBe("'bad.pth' holds numbers of the type 'torch LongStorage', which is no floating-point type; nothing known to Grainy does.");

    [Fact]
    public void Read_should_name_any_truncation_in_one_sentence()
    {
        var whole = File.ReadAllBytes(SharedData.Require("weights/pth/lpips_v0.1_alex.pth"));

        for (var length = 10; length < whole.Length; length += 37)
        {
            Refusal(whole[..length]).ShouldContain("'bad.pth' is ");
        }

        var zip = ZipCheckpoint.OneTensor(Six);
        for (var length = 4; length < zip.Length; length += 5)
        {
            Refusal(zip[..length]).ShouldStartWith("'bad.pth' ");
        }
    }

    [Fact]
    public void Read_should_survive_any_damaged_byte()
    {
        var whole = File.ReadAllBytes(SharedData.Require("weights/pth/lpips_v0.1_alex.pth"))[..1400].Concat(new byte[5000]).ToArray();
        var random = new Random(1);
        for (var round = 0; round < 3000; round++)
        {
            var copy = (byte[])whole.Clone();
            copy[10 + random.Next(1350)] = (byte)random.Next(256);
            try
            {
                TorchCheckpoint.Read(copy, "bad.pth");
            }
            catch (WeightFormatException expected)
            {
                expected.Message.ShouldContain("'bad.pth'");
            }
        }
    }

    private static string Refusal(byte[] bytes) => Should.Throw<WeightFormatException>(() => TorchCheckpoint.Read(bytes, "bad.pth")).Message;
}

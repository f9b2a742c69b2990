using Grainy.Core.Weights;

namespace Grainy.Core.Tests.Weights;

public sealed class NpyPickleTests
{
    // Sums: computed from the same files by an independent script, 2026-11-23.
    [Theory]
    [InlineData("squeeze_full_maxpool", new[] { .00039285, 1.5764866, 2.8031728, .0013801, 6.0985914, 1.4565863, 18.838951, 7.7296886, 5.63771, 4.9622154 })]
    [InlineData("squeeze", new[] { 1.3532053, .1208332, 1.6305357, 9.8128458, 3.9845794, 2.9682780, 3.7650818 })]
    [InlineData("vgg_maxpool", new[] { 1.2140052, .3052780, .4910639, 6.4729497, 6.7296061 })]
    [InlineData(
        "vgg_full_avg",
        new[]
        {
            .0085536, 1.6359510, .5478620, .0202627, .2668498, 1.0150139, .4624667, .4639275, 2.1106776, 2.8396672, 3.9994077, 6.7101279, 6.6765007, 8.8408844,
        })]
    public void Read_should_take_in_the_files_of_elpips(string file, double[] sums)
    {
        var tensors = NpyPickle.Read(SharedData.Require($"weights/npy/{file}.npy"));

        tensors.Count.ShouldBe(sums.Length);
        for (var layer = 0; layer < sums.Length; layer++)
        {
            var head = tensors[$"lin{layer}.model.1.weight"];
            head.Shape.ShouldBe([1, 1, head.Values.Length, 1]);
            head.Values.Sum(value => (double)value).ShouldBe(sums[layer], 1e-4 * sums[layer]);
        }
    }

    [Fact]
    public void Read_should_run_nothing_of_a_hostile_pickle()
    {
        var header = File.ReadAllBytes(SharedData.Require("weights/npy/squeeze.npy"))[..80];

        Should.Throw<WeightFormatException>(() => NpyPickle.Read([.. header, 0x80, 2, .. "cos\nsystem\n(X\u0004\0\0\0truetR."u8], "bad.npy")).Message
            .ShouldBe("'bad.npy' asks to run 'os.system', which no file of weights needs; nothing was run and nothing was imported. Get the official file.");
    }

    [Fact]
    public void Read_should_name_any_truncation_in_one_sentence()
    {
        var whole = File.ReadAllBytes(SharedData.Require("weights/npy/squeeze.npy"));

        for (var length = 0; length < whole.Length; length += 101)
        {
            Should.Throw<WeightFormatException>(() => NpyPickle.Read(whole[..length], "bad.npy")).Message.ShouldStartWith("'bad.npy' ");
        }
    }
}

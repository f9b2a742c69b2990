using System.Diagnostics;
using System.Text;
using Grainy.Core.Weights;
using static Grainy.Core.Tests.Weights.PickleBytes;

namespace Grainy.Core.Tests.Weights;

/// <summary>Whatever is wrong with a file: one sentence, in bounded time and memory, and nothing is executed.</summary>
public sealed class DamageTests
{
    private const long MemoryPerFile = 64 << 20;

    public static TheoryData<string> Formats => ["legacy", "zip", "npy", "safetensors"];

    [Theory, MemberData(nameof(Formats))]
    public void Reader_should_survive_any_changed_byte(string format)
    {
        var whole = Example(format);
        Read(format, whole).ShouldNotBeEmpty();
        var random = new Random(1);
        for (var position = 0; position < whole.Length; position++)
        {
            foreach (var value in new[] { (byte)random.Next(256), (byte)(whole[position] ^ (1 << random.Next(8))), byte.MaxValue, byte.MinValue })
            {
                var copy = (byte[])whole.Clone();
                copy[position] = value;
                ReadsOrRefuses(format, copy, $"byte {position} = {value}");
            }
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public void Reader_should_survive_blocks_that_were_overwritten_or_moved(string format)
    {
        var whole = Example(format);
        var random = new Random(2);
        for (var round = 0; round < 4000; round++)
        {
            var copy = (byte[])whole.Clone();
            var (from, to, length) = (random.Next(whole.Length), random.Next(whole.Length), random.Next(1, 64));
            length = Math.Min(length, whole.Length - Math.Max(from, to));
            whole.AsSpan(from, length).CopyTo(copy.AsSpan(to));
            ReadsOrRefuses(format, copy, $"{length} bytes from {from} to {to}");
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public void Reader_should_refuse_any_truncation_and_any_surplus(string format)
    {
        var whole = Example(format);
        for (var length = 0; length < whole.Length; length++)
        {
            Should.Throw<WeightFormatException>(() => Read(format, whole[..length]), $"{length} bytes").Message.ShouldStartWith("'x' ");
        }

        Should.Throw<WeightFormatException>(() => Read(format, [.. whole, 0, 0, 0, 0]));
    }

    [Fact]
    public void Reader_should_not_copy_a_list_again_and_again()
    {
        // One list of two thousand pairs, made into a dictionary sixty thousand times: a quarter of a megabyte that would fill gigabytes.
        var pairs = Enumerable.Repeat(Tuple([(byte)'N'], [(byte)'N']), 2000).SelectMany(pair => pair);
        byte[] call = [.. Global("collections", "OrderedDict"), (byte)'h', 1, 0x85, (byte)'R'];
        var calls = Enumerable.Repeat(call, 60_000).SelectMany(bytes => bytes);
        byte[] pickle = [.. Protocol, (byte)']', (byte)'(', .. pairs, (byte)'e', (byte)'q', 1, .. calls, (byte)'.'];

        ReadsOrRefuses("zip", ZipCheckpoint.WithPickle(pickle), "copies").ShouldBeFalse();
    }

    [Fact]
    public void Reader_should_not_encode_a_text_again_and_again()
    {
        byte[] encode = [.. Global("_codecs", "encode"), .. Tuple([(byte)'h', 1], Text("latin1")), (byte)'R'];
        byte[] pickle = [.. Protocol, .. Text(new string('x', 100_000)), (byte)'q', 1, .. Enumerable.Repeat(encode, 8000).SelectMany(bytes => bytes), (byte)'.'];

        ReadsOrRefuses("npy", NpyFile.WithPickle(pickle), "encodings").ShouldBeFalse();
    }

    [Fact]
    public void Reader_should_not_repeat_numbers_under_many_names()
    {
        var tensor = Tensor("0", [10, 100]);
        byte[] items = [.. Enumerable.Range(0, 3000).SelectMany(i => (byte[])[.. Text($"t{i}"), .. tensor])];
        byte[] pickle = [.. Protocol, (byte)'}', (byte)'(', .. items, (byte)'u', (byte)'.'];

        Should.Throw<WeightFormatException>(() => Read("zip", ZipCheckpoint.Of(("m/data.pkl", pickle), ("m/data/0", new byte[4000])))).Message
            .ShouldBe("'x' lists more numbers than it holds, which no known file of weights does; get the official file.");
    }

    [Fact]
    public void Reader_should_stop_in_an_endless_pickle() =>
        Should.Throw<WeightFormatException>(() => Read("zip", ZipCheckpoint.WithPickle([.. Protocol, .. Enumerable.Repeat((byte)']', 3 << 20)])))
            .Message.ShouldBe("'x' is no valid file of weights: its pickle is longer than any; fetch it again.");

    [Theory]
    [InlineData(4L << 20)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    public void Safetensors_should_not_believe_a_huge_header(long length) =>
        Should.Throw<WeightFormatException>(() => Read("safetensors", [.. BitConverter.GetBytes(length), .. "{}"u8])).Message.ShouldContain("its header claims");

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "values of 'b' are not where")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "values of 'a' are not where")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "goes on after its last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""", "damaged safetensors header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", "values of 'a' are not where")]
    [InlineData("""{"__metadata__":{"a":7},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "damaged safetensors header")]
    public void Safetensors_should_refuse_values_that_overlap_leave_gaps_or_hide(string header, string reason) =>
        Should.Throw<WeightFormatException>(
            () => Read("safetensors", [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[8]]))
            .Message.ShouldContain(reason);

    private static byte[] Example(string format) => format switch
    {
        "legacy" => LegacyFile.Of(("a.weight", [2, 3], [1, 2, 3, 4, 5, 6]), ("a.bias", [2], [7, 8])),
        "zip" => ZipCheckpoint.OneTensor([1, 2, 3, 4, 5, 6]),
        "npy" => NpyFile.Of(("a.weight", PickleBytes.Array([2, 3], [1, 2, 3, 4, 5, 6], columnOrder: false)), ("b", PickleBytes.Array([1], [7], columnOrder: true))),
        _ => Safetensor(),
    };

    private static byte[] Safetensor()
    {
        using var stream = new MemoryStream();
        var tensors = new Dictionary<string, WeightTensor> { ["a"] = new([2, 3], [1, 2, 3, 4, 5, 6]), ["b"] = new([1], [7]) };
        Safetensors.Write(tensors, stream, new Dictionary<string, string> { ["source"] = "test" });
        return stream.ToArray();
    }

    private static IReadOnlyDictionary<string, WeightTensor> Read(string format, byte[] bytes) => format switch
    {
        "npy" => NpyPickle.Read(bytes, "x"),
        "safetensors" => Safetensors.Read(bytes, "x"),
        _ => TorchCheckpoint.Read(bytes, "x"),
    };

    // Any other exception fails the test, and so do a gigabyte or a second for a file of a kilobyte.
    private static bool ReadsOrRefuses(string format, byte[] bytes, string what)
    {
        var (memory, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        bool reads;
        try
        {
            Read(format, bytes);
            reads = true;
        }
        catch (WeightFormatException expected)
        {
            expected.Message.ShouldStartWith("'x' ", customMessage: what);
            expected.Message.ShouldNotContain('\n', what);
            reads = false;
        }

        (GC.GetAllocatedBytesForCurrentThread() - memory).ShouldBeLessThan(MemoryPerFile, what);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(20), what);
        return reads;
    }
}

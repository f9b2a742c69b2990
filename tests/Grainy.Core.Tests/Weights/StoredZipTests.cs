using System.IO.Compression;
using System.Text;
using Grainy.Core.Weights;

namespace Grainy.Core.Tests.Weights;

public sealed class StoredZipTests
{
    private static readonly float[] Six = [1, 2, 3, 4, 5, 6];
    private static readonly byte[] Good = ZipCheckpoint.OneTensor(Six);

    [Theory]
    [InlineData("../data/9")]
    [InlineData("/etc/passwd")]
    [InlineData(@"..\data\9")]
    [InlineData("C:evil")]
    public void Read_should_refuse_a_path_that_leads_elsewhere(string name) =>
        Refusal(ZipCheckpoint.With(archive => archive.CreateEntry(name, CompressionLevel.NoCompression)))
            .ShouldBe($"'bad.pth' holds the entry '{name}', a link or a path that leads elsewhere, which no checkpoint has; get the official file.");

    [Fact]
    public void Read_should_refuse_a_link() =>
        Refusal(ZipCheckpoint.With(archive => archive.CreateEntry("model/data/1", CompressionLevel.NoCompression).ExternalAttributes = 0xa1ff << 16))
            .ShouldContain("'model/data/1', a link or a path that leads elsewhere");

    [Fact]
    public void Read_should_refuse_a_name_that_comes_twice() =>
        Refusal(ZipCheckpoint.With(archive => archive.CreateEntry("model/data/0", CompressionLevel.NoCompression)))
            .ShouldBe("'bad.pth' holds the entry 'model/data/0' twice, which no checkpoint does; get the official file.");

    // A megabyte of zeros packs into a kilobyte; nested or overlapping entries multiply that.
    [Fact]
    public void Read_should_refuse_what_unpacks() =>
        Refusal(ZipCheckpoint.With(archive =>
        {
            using var entry = archive.CreateEntry("model/data/1", CompressionLevel.SmallestSize).Open();
            entry.Write(new byte[1 << 20]);
        })).ShouldContain("holds the compressed or oversized entry 'model/data/1'");

    [Fact]
    public void Read_should_refuse_entries_that_overlap()
    {
        var file = (byte[])Good.Clone();
        var (first, second) = (file.AsSpan().IndexOf("PK\x01\x02"u8), file.AsSpan().LastIndexOf("PK\x01\x02"u8));
        // The last entry takes the place and size of the first.
        file.AsSpan(first + 42, 4).CopyTo(file.AsSpan(second + 42));
        file.AsSpan(first + 20, 8).CopyTo(file.AsSpan(second + 20));

        Refusal(file).ShouldBe("'bad.pth' is a truncated or damaged zip archive: two of its entries overlap; fetch it again.");
    }

    [Fact]
    public void Read_should_find_a_changed_value_by_its_checksum()
    {
        var file = (byte[])Good.Clone();
        file[file.AsSpan().IndexOf(BitConverter.GetBytes(5f))] ^= 1;

        Refusal(file).ShouldBe("'bad.pth' is a truncated or damaged zip archive: the checksum of its entry 'model/data/0' is wrong; fetch it again.");
    }

    [Fact]
    public void Read_should_not_believe_a_directory_that_claims_more_than_there_is()
    {
        var file = (byte[])Good.Clone();
        var end = file.AsSpan().LastIndexOf("PK\x05\x06"u8);
        file[end + 10] = 0xfe;
        file[end + 11] = 0xff;

        Refusal(file).ShouldContain("its directory is damaged or larger than any checkpoint's");
    }

    // PyTorch closes its archives with the records of Zip64 whatever their size.
    [Fact]
    public void Read_should_follow_the_long_form_of_the_directory()
    {
        var end = Good.AsSpan().LastIndexOf("PK\x05\x06"u8);
        var (count, size, start) = (BitConverter.ToUInt16(Good, end + 10), BitConverter.ToUInt32(Good, end + 12), BitConverter.ToUInt32(Good, end + 16));
        byte[] record = [.. "PK\x06\x06"u8, .. BitConverter.GetBytes(44L), .. new byte[12], .. Longs(count, count, size, start)];
        byte[] locator = [.. "PK\x06\x07"u8, .. new byte[4], .. Longs(end), 1, 0, 0, 0];
        byte[] tail = [.. "PK\x05\x06"u8, 0, 0, 0, 0, .. Enumerable.Repeat((byte)0xff, 12), 0, 0];

        TorchCheckpoint.Read([.. Good[..end], .. record, .. locator, .. tail], "new.pth")["a.weight"].Values.ShouldBe(Six);

        static IEnumerable<byte> Longs(params long[] numbers) => numbers.SelectMany(BitConverter.GetBytes);
    }

    [Fact]
    public void Error_should_carry_no_control_characters_to_a_terminal()
    {
        var message = Refusal(ZipCheckpoint.WithPickle([0x80, 2, .. Encoding.ASCII.GetBytes("c\u001b[2Jos\n\u001b[31msystem\n)R.")]));

        message.Any(char.IsControl).ShouldBeFalse();
        message.ShouldContain("?[2Jos.?[31msystem");
    }

    private static string Refusal(byte[] bytes) => Should.Throw<WeightFormatException>(() => TorchCheckpoint.Read(bytes, "bad.pth")).Message;
}

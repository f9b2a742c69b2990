using System.IO.Compression;
using System.Text;
using Grainy.Core.Denoising;

namespace Grainy.Core.Tests.Denoising;

public sealed class DenoiserModelTests
{
    [Fact]
    public void Saved_model_should_come_back_unchanged_and_give_equal_bytes_twice()
    {
        var model = DenoiserTests.Random(3);
        var bytes = Save(model);

        var back = DenoiserModel.Load(new MemoryStream(bytes));

        back.Weights.ShouldBe(model.Weights);
        back.Card.ShouldBe(model.Card);
        (back.Settings with { WeightsSha256 = "" }).ShouldBe(model.Settings);
        Save(back).ShouldBe(bytes);
    }

    [Fact]
    public void Load_should_refuse_what_is_no_zip() =>
        Refusal("this is not a model"u8.ToArray()).ShouldContain("no denoiser file");

    [Fact]
    public void Load_should_refuse_a_truncated_file() =>
        Refusal(Save(DenoiserTests.Random(1))[..^2000]).ShouldContain("truncated");

    [Fact]
    public void Load_should_refuse_changed_weights() =>
        Refusal(Rewrite("weights.safetensors", content => { content[^5] ^= 64; return content; })).ShouldContain("checksum");

    [Fact]
    public void Load_should_name_a_missing_part() =>
        Refusal(Rewrite("card.md", _ => null)).ShouldContain("lacks 'card.md'");

    [Theory]
    [InlineData("\"compact\"", "\"gigantic\"", "no network preset 'gigantic'")]
    [InlineData("\"compact\"", "\"full\"", "another network")]
    [InlineData("\"format\": 1", "\"format\": 9", "format 9")]
    [InlineData("\"format\": 1", "\"sneaky\": 1", "cannot be read")]
    [InlineData("\"channels\": 1", "\"channels\": 2", "1 or 3 channels")]
    [InlineData("\"rangeScale\": 1", "\"rangeScale\": -1", "makes no sense")]
    public void Load_should_say_what_is_wrong_with_the_settings(string from, string to, string expected) =>
        Refusal(Rewrite("settings.json", content => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace(from, to, StringComparison.Ordinal))))
            .ShouldContain(expected);

    private static byte[] Save(DenoiserModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    private static string Refusal(byte[] bytes) => Should.Throw<DenoiserFormatException>(() => DenoiserModel.Load(new MemoryStream(bytes))).Message;

    private static byte[] Rewrite(string name, Func<byte[], byte[]?> change)
    {
        using var source = new ZipArchive(new MemoryStream(Save(DenoiserTests.Random(1))));
        using var result = new MemoryStream();
        using (var target = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in source.Entries)
            {
                using var content = new MemoryStream();
                using (var stream = entry.Open())
                {
                    stream.CopyTo(content);
                }

                if ((entry.FullName == name ? change(content.ToArray()) : content.ToArray()) is { } kept)
                {
                    using var stream = target.CreateEntry(entry.FullName).Open();
                    stream.Write(kept);
                }
            }
        }

        return result.ToArray();
    }
}

using System.Diagnostics;
using Grainy.Core.Images;

namespace Grainy.Core.Tests.Images;

/// <summary>Every file of the collections of valid, odd and hostile files is decoded or refused in one sentence; none crashes or hangs.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    private static readonly ImageLimits Limits = new() { MaxPixels = 20_000_000 };

    [Theory]
    [InlineData("data/formats", 60)]
    [InlineData("data/hostile", 30)]
    [Trait("Category", "slow")]
    public void Every_file_should_be_decoded_or_refused(string folder, int leastDecoded)
    {
        var files = Directory.GetFiles(SharedData.Require(folder), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var decoded = 0;
        var slowest = (Seconds: 0.0, File: "");
        foreach (var file in files)
        {
            var clock = Stopwatch.StartNew();
            var refusal = Refusal(file);
            slowest = clock.Elapsed.TotalSeconds > slowest.Seconds ? (clock.Elapsed.TotalSeconds, file) : slowest;
            decoded += refusal is null ? 1 : 0;
            output.WriteLine($"{Path.GetRelativePath(SharedData.Root, file)}: {refusal ?? "decoded"}");
            refusal?.ShouldNotContain('\n');
        }

        output.WriteLine($"{decoded} of {files.Length} decoded; the slowest took {slowest.Seconds:F2} s: {slowest.File}");
        decoded.ShouldBeGreaterThan(leastDecoded);
        slowest.Seconds.ShouldBeLessThan(10, slowest.File);
    }

    private static string? Refusal(string file)
    {
        try
        {
            var (image, facts) = ImageReader.Read(file, Limits);
            (image.Width, image.Height, image.Channels).ShouldBe((facts.Width, facts.Height, facts.Channels));
            return null;
        }
        catch (ImageFormatException refused)
        {
            return refused.Message;
        }
    }
}

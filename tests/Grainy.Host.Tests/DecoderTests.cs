using Grainy.Core.Images;
using Grainy.Host.Decoding;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grainy.Host.Tests;

/// <summary>Decoding in a process of its own, with the real worker and with ones that misbehave.</summary>
public sealed class DecoderTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_should_give_the_same_pixels_as_the_reader()
    {
        using var folder = new TemporaryFolder();
        using var decoder = Make(folder, ["dotnet", ServerProcess.Program, DecodeWorker.Command]);
        var bytes = TestFiles.Write(TestFiles.Picture(), OutputFormat.Tiff32F);

        var decoded = await decoder.DecodeAsync(new MemoryStream(bytes), 0, Ended);

        decoded.Image.Planes.ShouldBe(TestFiles.Picture().Planes);
        decoded.Facts.ShouldBe(ImageReader.Read(bytes).Facts);
        Directory.EnumerateFiles(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Worker_should_hand_on_the_sentence_of_the_reader_and_live()
    {
        using var folder = new TemporaryFolder();
        using var decoder = Make(folder, ["dotnet", ServerProcess.Program, DecodeWorker.Command]);

        var refused = await Should.ThrowAsync<ImageFormatException>(() => decoder.DecodeAsync(new MemoryStream("no image"u8.ToArray()), 0, Ended));
        var next = await decoder.DecodeAsync(new MemoryStream(TestFiles.Write(TestFiles.Picture(), OutputFormat.Png8)), 0, Ended);

        refused.Message.ShouldBe(Should.Throw<ImageFormatException>(() => ImageReader.Read("no image"u8.ToArray())).Message);
        next.Image.Width.ShouldBe(96);
    }

    [Theory]
    [InlineData("exit 3")] // dies at once
    [InlineData("read line; kill -SEGV $$")] // crashes at the file
    [InlineData("read line; echo nonsense; read line")] // stops making sense
    public async Task Decoder_should_answer_with_a_sentence_when_its_process_is_lost(string script)
    {
        using var folder = new TemporaryFolder();
        using var decoder = Make(folder, ["bash", "-c", script]);

        var refused = await Should.ThrowAsync<ImageFormatException>(() => decoder.DecodeAsync(new MemoryStream([1, 2, 3]), 0, Ended));

        refused.Message.ShouldStartWith("The file could not be decoded: its decoder crashed");
        Directory.EnumerateFiles(folder.Path).ShouldBeEmpty();
    }

    private static IsolatedDecoder Make(TemporaryFolder folder, string[] command) =>
        new(command, folder.Path, TimeProvider.System, NullLogger<IsolatedDecoder>.Instance);
}

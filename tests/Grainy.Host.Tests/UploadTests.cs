using System.Net;
using System.Text;
using Grainy.Core.Images;
using Grainy.TestKit;

namespace Grainy.Host.Tests;

[Collection(SharedServer.Name)]
public sealed class UploadTests(RunningServer server)
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OutputFormat.Png8, "PNG", 8), InlineData(OutputFormat.Png16, "PNG", 16), InlineData(OutputFormat.Tiff16, "TIFF", 16), InlineData(OutputFormat.Tiff32F, "TIFF", 32)]
    public async Task Upload_should_take_a_good_file_and_tell_what_it_is(OutputFormat format, string name, int depth)
    {
        var dataset = await server.Owner.NewDatasetAsync($"good {format}");
        var bytes = TestFiles.Write(TestFiles.Picture(), format);

        var (status, image) = await server.Owner.UploadAsync(dataset, $"picture{ImageWriter.Extension(format)}", bytes);

        status.ShouldBe(HttpStatusCode.Created, image.ToString());
        image.GetProperty("width").GetInt32().ShouldBe(96);
        image.GetProperty("height").GetInt32().ShouldBe(64);
        image.GetProperty("bitDepth").GetInt32().ShouldBe(depth);
        image.GetProperty("format").GetString()!.ShouldStartWith(name);
        image.GetProperty("original").GetProperty("length").GetInt64().ShouldBe(bytes.Length);
    }

    [Fact]
    public async Task Upload_of_a_stack_should_add_each_page_as_an_image()
    {
        var dataset = await server.Owner.NewDatasetAsync("stack");
        byte[] stack;
        using (var pages = NetVips.Image.NewFromMemory(Enumerable.Range(0, 3 * 40 * 30).Select(i => (ushort)(i * 17)).ToArray(), 30, 120, 1, NetVips.Enums.BandFormat.Ushort))
        {
            stack = pages.TiffsaveBuffer(pageHeight: 40);
        }

        var (status, answer) = await server.Owner.UploadAsync(dataset, "z.tif", stack);

        status.ShouldBe(HttpStatusCode.Created, answer.ToString());
        answer.GetProperty("pages").GetArrayLength().ShouldBe(3);
        var images = (await server.Owner.ReadAsync($"/api/v1/datasets/{dataset}/images")).EnumerateArray().ToArray();
        images.Select(image => image.GetProperty("name").GetString()).ShouldBe(["z page 1.tif", "z page 2.tif", "z page 3.tif"]);
        images.Select(image => image.GetProperty("pixels").GetProperty("sha256").GetString()).Distinct().Count().ShouldBe(3);
        images[1].GetProperty("format").GetString().ShouldBe("TIFF, page 2 of 3");
    }

    public static TheoryData<string, string> BadFiles => new()
    {
        { "text.png", "text" },
        { "cut-off.jpg", "truncated" },
        { "nothing.png", "empty" },
        { "huge.png", "40,000" },
        { "nan.tif", "NaN" },
    };

    [Theory, MemberData(nameof(BadFiles))]
    public async Task Upload_should_refuse_a_bad_file_in_one_sentence_and_take_the_next(string file, string kind)
    {
        var dataset = await server.Owner.NewDatasetAsync($"bad {kind}");

        var (status, problem) = await server.Owner.UploadAsync(dataset, file, Bad(file));
        var (next, _) = await server.Owner.UploadAsync(dataset, "good.png", TestFiles.Write(TestFiles.Picture(), OutputFormat.Png8));

        ((int)status).ShouldBeInRange(400, 499);
        var sentence = problem.GetProperty("detail").GetString()!;
        sentence.ShouldEndWith(".");
        sentence.ShouldNotContain("   at ");
        sentence.ShouldNotContain("Exception");
        problem.GetProperty("fix").GetString().ShouldNotBeNullOrEmpty();
        next.ShouldBe(HttpStatusCode.Created);
        (await server.Owner.ReadAsync($"/api/v1/datasets/{dataset}/images")).GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Upload_should_refuse_too_large_a_file_before_it_is_sent()
    {
        var dataset = await server.Owner.NewDatasetAsync("large");
        using var socket = new System.Net.Sockets.TcpClient(server.Process.Address.Host, server.Process.Address.Port);
        await using var stream = socket.GetStream();
        var cookies = server.Owner.Cookies.GetCookieHeader(server.Process.Address);

        // Only the headers go out: the answer must come without a byte of the 600 MB.
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1/datasets/{dataset}/images?name=large.tif HTTP/1.1\r\nHost: {server.Process.Address.Authority}\r\nX-Grainy: 1\r\nCookie: {cookies}\r\nContent-Length: 600000000\r\n\r\n"), Ended);
        using var reader = new StreamReader(stream);

        (await reader.ReadLineAsync(Ended)).ShouldBe("HTTP/1.1 413 Payload Too Large");
    }

    [Fact]
    public async Task Preview_should_come_with_a_tag_and_not_be_sent_twice()
    {
        var (dataset, image) = await UploadAsync("preview", TestFiles.Write(TestFiles.Picture(400, 300), OutputFormat.Png16));
        var path = $"/api/v1/datasets/{dataset}/images/{image}/preview/128.png";

        using var first = await server.Owner.GetAsync(path);
        using var second = await server.Owner.GetAsync(path, first.Headers.ETag!.ToString());

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        first.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        first.Headers.ETag.IsWeak.ShouldBeFalse();
        first.Headers.CacheControl!.Private.ShouldBeTrue();
        first.Headers.CacheControl.ToString().ShouldContain("immutable");
        var picture = ImageReader.Read(await first.Content.ReadAsByteArrayAsync(Ended)).Image;
        (picture.Width, picture.Height).ShouldBe((128, 96));
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync(Ended)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Preview_should_follow_the_wanted_range()
    {
        var (dataset, image) = await UploadAsync("range", TestFiles.Write(TestFiles.Picture(), OutputFormat.Png16));

        using var answer = await server.Owner.GetAsync($"/api/v1/datasets/{dataset}/images/{image}/preview/128.png?black=0.9&white=1");
        using var wrong = await server.Owner.GetAsync($"/api/v1/datasets/{dataset}/images/{image}/preview/128.png?black=1&white=0");
        using var side = await server.Owner.GetAsync($"/api/v1/datasets/{dataset}/images/{image}/preview/129.png");

        ImageReader.Read(await answer.Content.ReadAsByteArrayAsync(Ended)).Image.Planes.Max().ShouldBeLessThan(0.2f);
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        side.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Downloads_should_be_the_same_pixels()
    {
        var picture = TestFiles.Picture();
        var bytes = TestFiles.Write(picture, OutputFormat.Tiff32F);
        var (dataset, image) = await UploadAsync("download", bytes);
        var path = $"/api/v1/datasets/{dataset}/images/{image}";

        using var original = await server.Owner.GetAsync($"{path}/original");
        using var converted = await server.Owner.GetAsync($"{path}/download?format=tiff32f");
        using var array = await server.Owner.GetAsync($"{path}.npy");
        using var wrong = await server.Owner.GetAsync($"{path}/download?format=bmp");

        (await original.Content.ReadAsByteArrayAsync(Ended)).ShouldBe(bytes);
        original.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        ImageReader.Read(await converted.Content.ReadAsByteArrayAsync(Ended)).Image.Planes.ShouldBe(picture.Planes);
        Npy.Read(new MemoryStream(await array.Content.ReadAsByteArrayAsync(Ended))).Planes.ShouldBe(picture.Planes);
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<(string Dataset, string Image)> UploadAsync(string name, byte[] bytes)
    {
        var dataset = await server.Owner.NewDatasetAsync(name);
        var (status, image) = await server.Owner.UploadAsync(dataset, $"{name}.png", bytes);
        status.ShouldBe(HttpStatusCode.Created, image.ToString());
        return (dataset, image.GetProperty("id").GetString()!);
    }

    private static byte[] Bad(string file)
    {
        switch (file)
        {
            case "text.png": return Encoding.UTF8.GetBytes("This is a letter and no picture.");
            case "cut-off.jpg":
                var whole = File.ReadAllBytes(Directory.EnumerateFiles(SharedData.Require("data/images"), "*.jpg", SearchOption.AllDirectories).Order().First());
                return whole[..(whole.Length / 2)];
            case "nothing.png": return [];
            case "huge.png": return TestFiles.HugePngHeader();
            default:
                var planes = TestFiles.Picture();
                planes.Planes[777] = float.NaN;
                return TestFiles.Write(planes, OutputFormat.Tiff32F);
        }
    }
}

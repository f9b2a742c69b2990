using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Grainy.Core.Images;
using Grainy.TestKit;

namespace Grainy.Host.Tests;

[Collection(SharedServer.Name)]
[Trait("Category", "slow")]
public sealed class BlendTests(RunningServer server)
{
    private static readonly int[] Near = [1, 1, 2];
    private static readonly int[] Wished = [2, 1, 1];

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Finished_frames_should_be_taken_along_as_a_zip_and_as_animations()
    {
        var (id, _) = await BlendAsync(2);
        await FinishedAsync(id);

        using var zip = new ZipArchive(new MemoryStream(await FileAsync(id, "zip", "application/zip")));
        var webp = await FileAsync(id, "webp?fps=4&bounce=false", "image/webp");
        var gif = await FileAsync(id, "gif", "image/gif");
        using var fast = await server.Owner.GetAsync($"/api/v1/blends/{id}/export.gif?fps=99");

        zip.Entries.Select(entry => entry.Name).ShouldBe(["frame-01-weights-100-0.png", "frame-02-weights-50-50.png", "frame-03-weights-0-100.png", "blend.json"]);
        using var facts = await JsonDocument.ParseAsync(await zip.GetEntry("blend.json")!.OpenAsync(Ended), cancellationToken: Ended);
        facts.RootElement.GetProperty("metric").GetString().ShouldBe("l2");
        facts.RootElement.GetProperty("frames")[1].GetProperty("weights")[0].GetDouble().ShouldBe(0.5);
        Encoding.ASCII.GetString(webp, 8, 4).ShouldBe("WEBP");
        Encoding.ASCII.GetString(gif, 0, 6).ShouldBe("GIF89a");
        (await DetailAsync(fast)).ShouldContain("1 to 30 frames per second");
    }

    [Fact]
    public async Task A_film_should_hold_all_frames_at_the_speed_that_was_asked_for()
    {
        Film.RequireTools();
        var (id, _) = await BlendAsync(2);
        await FinishedAsync(id);
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "blend.mp4");

        await File.WriteAllBytesAsync(file, await FileAsync(id, "mp4?fps=2&bounce=false", "video/mp4"), Ended);

        Film.Probe(file).ShouldBe(new Film("h264", 64, 64, 3, 1.5));
    }

    [Fact]
    public async Task Frames_should_come_with_their_stages_and_a_wished_place_with_a_frame_of_its_own()
    {
        var (id, _) = await BlendAsync(3);
        await FinishedAsync(id);

        var near = await server.Owner.PostJsonAsync($"/api/v1/blends/{id}/near", new { weights = Near });
        var wished = (await server.Owner.PostJsonAsync($"/api/v1/blends/{id}/frames", new { weights = Wished })).GetProperty("frame").GetInt32();
        var blend = await FinishedAsync(id);
        var frame = blend.GetProperty("frames").EnumerateArray().Single(one => one.GetProperty("index").GetInt32() == wished);
        var stages = await server.Owner.ReadAsync($"/api/v1/blends/{id}/frames/{wished}/stages");
        using var picture = await server.Owner.GetAsync($"/api/v1/blends/{id}/frames/{wished}/{frame.GetProperty("png").GetProperty("sha256").GetString()}.png");
        using var stage = await server.Owner.GetAsync(stages[0].GetProperty("url").GetString()!);
        using var third = await server.Owner.GetAsync($"/api/v1/blends/{id}/images/2/128.png");
        using var none = await server.Owner.GetAsync($"/api/v1/blends/{id}/images/3/128.png");
        using var film = await server.Owner.GetAsync($"/api/v1/blends/{id}/export.webp");

        near.ValueKind.ShouldBe(JsonValueKind.Undefined);
        frame.GetProperty("weights")[0].GetDouble().ShouldBe(0.5);
        (picture.StatusCode, stage.StatusCode, third.StatusCode, none.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound));
        (await DetailAsync(film)).ShouldContain("between more than two");
    }

    [Fact]
    public async Task Images_that_do_not_fit_should_be_told_apart_and_shown_as_they_would_be_blended()
    {
        var images = await UploadAsync((64, 48), (60, 50));
        var list = string.Join(',', images.Select(image => $"{image.Dataset}.{image.Image}"));

        var report = await server.Owner.ReadAsync($"/api/v1/blend-inputs?images={list}");
        using var cropped = await server.Owner.GetAsync($"/api/v1/blend-inputs/crop/1/128.png?images={list}");
        using var strange = await server.Owner.GetAsync("/api/v1/blend-inputs?images=nothing");
        using var stranger = server.Stranger;
        using var refused = await stranger.GetAsync($"/api/v1/blend-inputs?images={list}");

        report.GetProperty("sameSize").GetBoolean().ShouldBeFalse();
        var image = ImageReader.Read(await cropped.Content.ReadAsByteArrayAsync(Ended)).Image;
        (image.Width, image.Height).ShouldBe((60, 48));
        (strange.StatusCode, refused.StatusCode).ShouldBe((HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized));
    }

    private async Task<byte[]> FileAsync(string id, string format, string mediaType)
    {
        using var answer = await server.Owner.GetAsync($"/api/v1/blends/{id}/export.{format}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Ended));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(mediaType);
        return await answer.Content.ReadAsByteArrayAsync(Ended);
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ended)).GetProperty("detail").GetString().ShouldNotBeNull();
    }

    private async Task<(string Dataset, string Image)[]> UploadAsync(params (int Width, int Height)[] sizes)
    {
        var dataset = await server.Owner.NewDatasetAsync("blended");
        var images = new List<(string, string)>();
        foreach (var (number, size) in sizes.Index())
        {
            var planes = Enumerable.Range(0, 3 * size.Width * size.Height).Select(i => (float)(0.5 + (0.4 * Math.Sin((i * 0.013 * (number + 1)) + number))));
            var file = TestFiles.Write(new ImageBuffer(3, size.Height, size.Width, [.. planes]), OutputFormat.Png8);
            var (_, image) = await server.Owner.UploadAsync(dataset, $"{number}.png", file);
            images.Add((dataset, image.GetProperty("id").GetString()!));
        }

        return [.. images];
    }

    private async Task<(string Id, object[] Images)> BlendAsync(int count)
    {
        object[] images = [.. (await UploadAsync([.. Enumerable.Repeat((64, 64), count)])).Select(image => new { dataset = image.Dataset, image = image.Image })];
        var settings = new { frames = 3, divisions = 2, size = 64, stepsPerFrame = 10, metric = "l2" };
        return ((await server.Owner.PostJsonAsync("/api/v1/blends", new { images, settings })).GetProperty("id").GetString()!, images);
    }

    private async Task<JsonElement> FinishedAsync(string id)
    {
        for (var round = 0; ; round++)
        {
            await server.Owner.WorkedAsync($"/api/v1/blends/{id}");
            var blend = await server.Owner.ReadAsync($"/api/v1/blends/{id}");
            if (blend.GetProperty("frames").EnumerateArray().Count(frame => frame.GetProperty("final").GetBoolean()) == blend.GetProperty("targets").GetArrayLength())
            {
                return blend;
            }

            // A wish that came while the job was ending gets a job of its own as soon as the blend has heard of the end.
            round.ShouldBeLessThan(100, blend.ToString());
        }
    }
}

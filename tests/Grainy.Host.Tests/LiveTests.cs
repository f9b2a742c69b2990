using System.Net;
using Grainy.Core.Images;

namespace Grainy.Host.Tests;

[Collection(SharedServer.Name)]
public sealed class LiveTests(RunningServer server)
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Guest_should_see_the_shared_pictures_and_moves_and_nothing_else()
    {
        var (comparison, session, link, dataset) = await ShareAsync();
        using var guest = server.Stranger;
        using (var joined = await guest.SubmitAsync(new Uri(link).AbsolutePath, new Dictionary<string, string> { ["name"] = "Grace" }))
        {
            joined.Headers.Location!.OriginalString.ShouldBe($"/room/{session}");
        }

        using var room = await guest.GetAsync($"/room/{session}");
        using var left = await guest.GetAsync($"/api/v1/comparisons/{comparison}/images/0/320.png");
        using var images = await guest.GetAsync($"/api/v1/datasets/{dataset}/images");
        using var library = await guest.GetAsync("/library");
        using var opened = await guest.GetAsync($"/api/v1/sessions/{session}/events", headersOnly: true);
        using var events = new StreamReader(await opened.Content.ReadAsStreamAsync(Ended));
        using (var entered = await server.Owner.GetAsync($"/live/{session}"))
        {
            entered.Headers.Location!.OriginalString.ShouldBe($"/room/{session}");
        }

        await server.Owner.PostJsonAsync($"/api/v1/sessions/{session}/moves", new { field = "divider", value = 0.25, sequence = 1 });
        var moved = await WorkEvents.NextAsync(events, snapshot => snapshot.TryGetProperty("values", out var values) && values.GetArrayLength() > 0);

        room.StatusCode.ShouldBe(HttpStatusCode.OK);
        left.StatusCode.ShouldBe(HttpStatusCode.OK);
        left.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        images.StatusCode.ShouldBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized);
        library.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        moved.GetProperty("values")[0].GetProperty("value").GetDouble().ShouldBe(0.25);
        moved.GetProperty("members").EnumerateArray().Select(member => member.GetProperty("name").GetString()).ShouldBe(["Grace", "Owner"], ignoreOrder: true);
    }

    [Fact]
    public async Task Door_should_refuse_a_wrong_secret_in_a_sentence()
    {
        var (_, session, _, _) = await ShareAsync();
        using var guest = server.Stranger;

        using var answer = await guest.SubmitAsync($"/live/{session}.0123456789abcdef", new Dictionary<string, string> { ["name"] = "Eve" });
        using var room = await guest.GetAsync($"/room/{session}");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(Ended)).ShouldContain("This link does not open the session");
        room.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Guest_of_one_room_should_not_see_another()
    {
        var (_, _, link, _) = await ShareAsync();
        var (other, otherSession, _, _) = await ShareAsync();
        using var guest = server.Stranger;
        using var joined = await guest.SubmitAsync(new Uri(link).AbsolutePath, new Dictionary<string, string> { ["name"] = "Grace" });

        using var picture = await guest.GetAsync($"/api/v1/comparisons/{other}/images/left/320.png");
        using var events = await guest.GetAsync($"/api/v1/sessions/{otherSession}/events", headersOnly: true);

        picture.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        events.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<(string Comparison, string Session, string Link, string Dataset)> ShareAsync()
    {
        var dataset = await server.Owner.NewDatasetAsync("shared");
        var (_, a) = await server.Owner.UploadAsync(dataset, "a.png", TestFiles.Write(TestFiles.Picture(), OutputFormat.Png8));
        var (_, b) = await server.Owner.UploadAsync(dataset, "b.png", TestFiles.Write(TestFiles.Picture(offset: 3), OutputFormat.Png8));
        var pair = new
        {
            left = new { dataset, image = a.GetProperty("id").GetString() },
            right = new { dataset, image = b.GetProperty("id").GetString() },
        };
        var comparison = (await server.Owner.PostJsonAsync("/api/v1/comparisons", pair)).GetProperty("id").GetString()!;
        var session = await server.Owner.PostJsonAsync("/api/v1/sessions", new { kind = "comparison", id = comparison });
        return (comparison, session.GetProperty("id").GetString()!, session.GetProperty("link").GetString()!, dataset);
    }
}

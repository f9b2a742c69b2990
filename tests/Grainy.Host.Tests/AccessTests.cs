using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Grainy.Host.Tests;

[Collection(SharedServer.Name)]
public sealed class AccessTests(RunningServer server)
{
    private const string SomeId = "ds-00000000000000000000000000000000";

    [Theory]
    [InlineData("/"), InlineData("/library"), InlineData("/train"), InlineData("/account"), InlineData("/room/se-00000000000000000000000000000000")]
    public async Task Page_should_send_strangers_to_sign_in(string path)
    {
        using var stranger = server.Stranger;

        using var answer = await stranger.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.PathAndQuery.ShouldBe($"/sign-in?returnUrl={Uri.EscapeDataString(path)}");
    }

    [Theory]
    [InlineData($"/api/v1/datasets/{SomeId}/images"), InlineData($"/api/v1/datasets/{SomeId}/images/x/preview/320.png"), InlineData("/api/v1/datasets"),
     InlineData("/api/v1/sessions/se-00000000000000000000000000000000/events"), InlineData("/api/v1/blends/bl-00000000000000000000000000000000/frames/1/x.png")]
    public async Task Api_should_answer_strangers_with_a_problem_and_a_way_out(string path)
    {
        using var stranger = server.Stranger;

        using var answer = await stranger.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("fix").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("/sign-in"), InlineData("/health/live"), InlineData("/health/ready"), InlineData("/plain.css"), InlineData("/live/se-00000000000000000000000000000000.0123456789abcdef"),
     InlineData("/_framework/blazor.web.js"), InlineData("/_content/MudBlazor/MudBlazor.min.css")]
    public async Task Doors_and_files_should_be_open_to_strangers(string path)
    {
        using var stranger = server.Stranger;

        using var answer = await stranger.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/library"), InlineData("/account")]
    public async Task Page_should_be_there_for_the_owner(string path)
    {
        using var answer = await server.Owner.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Content-Security-Policy").ShouldContain(policy => policy.Contains("default-src 'self'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_link_should_sign_in_only_once()
    {
        using var second = server.Stranger; // the fixture's owner has used the link

        using var answer = await second.GetAsync(server.Process.StartLink);
        using var page = await second.GetAsync("/library");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("This start link has been used already");
        page.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Start_link_with_a_wrong_token_should_be_refused_in_a_sentence()
    {
        using var stranger = server.Stranger;

        using var answer = await stranger.GetAsync("/start?token=0123");

        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("This start link is not valid");
    }

    [Fact]
    public async Task Api_should_refuse_a_write_that_another_site_could_make()
    {
        using var answer = await server.Owner.PostAsync("/api/v1/datasets", JsonContent.Create(new { name = "x" }), withHeader: false);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("detail").GetString()!.ShouldContain("X-Grainy");
    }

    [Theory]
    [InlineData("/api/v1/datasets/../../etc"), InlineData("/api/v1/datasets/nonsense/images"), InlineData($"/api/v1/datasets/{SomeId}")]
    public async Task Api_should_not_find_what_is_not_there(string path)
    {
        using var answer = await server.Owner.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Sign_in_should_lock_after_five_wrong_passwords()
    {
        HttpResponseMessage? last = null;
        using var stranger = server.Stranger;
        for (var i = 0; i < 6; i++)
        {
            last?.Dispose();
            last = await stranger.SubmitAsync("/sign-in", new Dictionary<string, string> { ["name"] = "Owner", ["password"] = $"wrong password {i}" });
        }

        (await last!.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("Too many wrong passwords");
        last.Dispose();
    }

    [Fact]
    public async Task Form_without_its_token_should_be_refused()
    {
        using var stranger = server.Stranger;

        using var answer = await stranger.PostAsync("/sign-in", new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = "Owner", ["password"] = "x" }));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}

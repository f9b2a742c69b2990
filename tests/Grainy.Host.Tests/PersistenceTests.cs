using System.Net;
using Grainy.Core.Images;

namespace Grainy.Host.Tests;

public sealed class PersistenceTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task Server_should_keep_everything_over_a_restart(bool killed)
    {
        using var data = new TemporaryFolder();
        await using var first = await ServerProcess.StartAsync(data.Path);
        using var owner = await Browser.SignedInAsync(first);
        var dataset = await owner.NewDatasetAsync("kept");
        var (_, image) = await owner.UploadAsync(dataset, "kept.png", TestFiles.Write(TestFiles.Picture(), OutputFormat.Png8));

        if (killed)
        {
            await first.KillAsync();
        }
        else
        {
            (await first.StopAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        }

        await using var second = await ServerProcess.StartAsync(data.Path);
        using var returned = new Browser(second.Address);
        returned.Cookies.Add(CookiesOf(owner, first.Address, second.Address));

        var names = (await returned.ReadAsync("/api/v1/datasets")).EnumerateArray().Select(entry => entry.GetProperty("name").GetString());
        names.ShouldContain("kept");
        using var preview = await returned.GetAsync($"/api/v1/datasets/{dataset}/images/{image.GetProperty("id").GetString()}/preview/128.png");
        preview.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.StartLink.ShouldNotBe(first.StartLink);
    }

    [Fact]
    public async Task Second_server_should_say_in_one_line_that_the_folder_is_in_use()
    {
        using var data = new TemporaryFolder();
        await using var first = await ServerProcess.StartAsync(data.Path);

        var (exitCode, lines) = await ServerProcess.RunToEndAsync("--urls", $"http://127.0.0.1:{ServerProcess.FreePort()}", "--Grainy:Data", data.Path);

        exitCode.ShouldBe(1);
        lines.ShouldHaveSingleItem().ShouldContain("is in use by another Grainy server");
    }

    [Fact]
    public async Task Owner_should_sign_in_with_the_password_that_was_set()
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(data.Path);
        using var owner = await Browser.SignedInAsync(server);
        using (var saved = await owner.SubmitAsync("/account", new Dictionary<string, string> { ["name"] = "Ada", ["newPassword"] = "a long sentence" }))
        {
            saved.Headers.Location!.OriginalString.ShouldBe("/account?saved=1");
        }

        using var other = new Browser(server.Address);
        using var wrong = await other.SubmitAsync("/sign-in", new Dictionary<string, string> { ["name"] = "Ada", ["password"] = "another sentence" });
        using var right = await other.SubmitAsync("/sign-in", new Dictionary<string, string> { ["name"] = "Ada", ["password"] = "a long sentence" });
        using var page = await other.GetAsync("/library");

        (await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("The name or the password is wrong");
        right.Headers.Location!.OriginalString.ShouldBe("/library");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // A cookie jar goes by host; the port of the second server differs from the first one's.
    private static CookieCollection CookiesOf(Browser browser, Uri from, Uri to)
    {
        var cookies = new CookieCollection();
        foreach (Cookie cookie in browser.Cookies.GetCookies(from))
        {
            cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", to.Host));
        }

        return cookies;
    }
}

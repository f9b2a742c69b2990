using Microsoft.Playwright;

namespace Grainy.EndToEnd.Tests;

/// <summary>No page has a violation of serious or critical kind, dark or light, wide or narrow.</summary>
public sealed class AccessibilityTests(Chromium chromium) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grainy-axe-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Pages_should_have_no_serious_violation_in_dark_and_light_wide_and_narrow()
    {
        await using var server = await GrainyServer.StartAsync(Path.Combine(_folder.FullName, "data"));
        var found = new List<string>();
        var link = server.StartLink.ToString();
        StorageState? signedIn = null;
        foreach (var (scheme, width) in ((ColorScheme, int)[])[(ColorScheme.Dark, 1400), (ColorScheme.Light, 400)])
        {
            await using var person = await chromium.PersonAsync(server, scheme, width);
            await person.Page.GotoAsync("/sign-in");
            found.AddRange(await person.BarriersAsync());
            if (signedIn is null)
            {
                await person.GoAsync(link);
                signedIn = new(await person.Context.CookiesAsync());
            }
            else
            {
                await person.Context.AddCookiesAsync(signedIn.Cookies.Select(cookie => new Cookie
                {
                    Name = cookie.Name,
                    Value = cookie.Value,
                    Domain = cookie.Domain,
                    Path = cookie.Path,
                    Expires = cookie.Expires,
                    HttpOnly = cookie.HttpOnly,
                }));
            }

            foreach (var page in (string[])["/library", "/train", "/train/new", "/compare", "/blend", "/blend/new", "/account"])
            {
                await person.Page.GotoAsync(page);
                if (page != "/account") // a static page
                {
                    await person.LiveAsync();
                    await person.Page.Locator(".skeleton").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
                }

                found.AddRange(await person.BarriersAsync());
                await person.LookAsync($"page{page.Replace('/', '-')}-{scheme}-{width}".ToLowerInvariant());
            }
        }

        found.ShouldBeEmpty(string.Join('\n', found));
    }

    private sealed record StorageState(IReadOnlyList<BrowserContextCookiesResult> Cookies);
}

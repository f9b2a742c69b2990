using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Grainy.EndToEnd.Tests.Chromium))]

namespace Grainy.EndToEnd.Tests;

/// <summary>Debian's Chromium, once for all tests; each context is a person with cookies of their own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Executable))
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A new person at a browser.</summary>
    internal async Task<Person> PersonAsync(GrainyServer server, ColorScheme scheme = ColorScheme.Dark, int width = 1400, int height = 900)
    {
        Assert.SkipWhen(_browser is null, $"{Executable} is not installed.");
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = server.Address.ToString(),
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = height },
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(30_000);
        if (scheme == ColorScheme.Light)
        {
            // The dark theme is the usual one beside images; the light one is chosen by the person and kept in a cookie.
            await context.AddCookiesAsync([new Cookie { Name = "grainy.theme", Value = "light", Url = server.Address.ToString() }]);
        }

        var page = await context.NewPageAsync();
        return new Person(context, page);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}

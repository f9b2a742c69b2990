using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Grainy.EndToEnd.Tests;

/// <summary>One browser context with one tab, and the errors that it saw.</summary>
internal sealed class Person : IAsyncDisposable
{
    private readonly List<string> _errors = [];

    public Person(IBrowserContext context, IPage page)
    {
        (Context, Page) = (context, page);
        page.PageError += (_, error) => _errors.Add(error);
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>Script errors so far; a healthy page has none.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Opens a page and waits until its circuit answers: a page looks ready before it is.</summary>
    public async Task GoAsync(string url)
    {
        await Page.GotoAsync(url);
        await LiveAsync();
    }

    /// <summary>Waits until the page's circuit answers.</summary>
    public Task LiveAsync() => Page.Locator("body[data-live='true']").WaitForAsync();

    /// <summary>The violations of serious and critical kind on the page as it is now, as sentences.</summary>
    public async Task<string[]> BarriersAsync() =>
    [
        .. (await Page.RunAxe(new AxeRunOptions())).Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{Page.Url}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"),
    ];

    /// <summary>The same in the dark and in the light theme, for somebody who is in the dark one.</summary>
    public async Task<string[]> BarriersInBothThemesAsync()
    {
        var dark = await BarriersAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Light theme" }).ClickAsync();
        await Page.Locator("html[data-theme=light]").WaitForAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Dark theme" }).WaitForAsync();
        var light = await BarriersAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Dark theme" }).ClickAsync();
        await Page.Locator("html[data-theme=dark]").WaitForAsync();
        return [.. dark, .. light.Select(barrier => $"light: {barrier}")];
    }

    /// <summary>Writes a screenshot beside the test's output, for people to look at.</summary>
    public async Task LookAsync(string name)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "screenshots");
        Directory.CreateDirectory(folder);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
    }

    public ValueTask DisposeAsync() => Context.DisposeAsync();
}

using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grainy.EndToEnd.Tests;

/// <summary>The main job as a person does it: from an upload to a denoised, scored, blended and shared image, over a crash.</summary>
public sealed partial class MainJobTests(Chromium chromium) : IDisposable
{
    private const float Minutes2 = 120_000;
    private const float Minutes4 = 240_000;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grainy-e2e-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_noisy_photo_should_become_clean_measured_blended_and_shared_even_when_the_server_is_killed()
    {
        var clean = Repository.RequireShared("data/images/kodak/kodim07.png");
        var other = Repository.RequireShared("data/images/kodak/kodim03.png");
        var noisy = Path.Combine(_folder.FullName, "noisy.tif");
        await Repository.CliAsync("corrupt", clean, "--gaussian", "25", "--seed", "1", "--out", noisy);
        var data = Path.Combine(_folder.FullName, "data");

        await using var first = await GrainyServer.StartAsync(data);
        await using var ana = await chromium.PersonAsync(first);
        await UploadAsync(ana, first, clean, noisy, other);
        await StartTrainingAsync(ana);

        // Wait for a checkpoint's worth of work, then the power goes.
        await Expect(ana.Page.Locator(".scrubber-picture img")).ToBeVisibleAsync(new() { Timeout = Minutes2 });
        await CheckpointAsync(ana);
        await first.KillAsync();

        await using var second = await GrainyServer.StartAsync(data, first.Address.Port);
        await ana.GoAsync(ana.Page.Url); // the cookie still counts
        await SeeResultAsync(ana);
        await DownloadAsync(ana);
        await CompareAndShareAsync(ana, second);
        await BlendAsync(ana);

        // The blend is still being computed when the server is asked to stop.
        (await second.StopAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await using var third = await GrainyServer.StartAsync(data, first.Address.Port);
        await ana.GoAsync("/library");
        await Expect(ana.Page.Locator("[data-tiles] .tile")).ToHaveCountAsync(4); // three uploads and the denoised one
        ana.Errors.ShouldBeEmpty();
    }

    private static async Task UploadAsync(Person ana, GrainyServer server, string clean, string noisy, string other)
    {
        await ana.GoAsync(server.StartLink.ToString());
        await Expect(ana.Page).ToHaveURLAsync(new Regex("/library$"));
        await Expect(ana.Page.GetByText("Drop images here")).ToBeVisibleAsync();
        await ana.LookAsync("library-empty");

        await ana.Page.Locator("input[type=file]").SetInputFilesAsync(
        [
            File(clean, await System.IO.File.ReadAllBytesAsync(clean)),
            File(noisy, await System.IO.File.ReadAllBytesAsync(noisy)),
            File(other, await System.IO.File.ReadAllBytesAsync(other)),
            File("letter.png", "this is no picture"u8.ToArray()),
            File("cut.jpg", [0xff, 0xd8, 0xff, 0xe0, 0, 16]),
            File("empty.tif", []),
        ]);
        await Expect(ana.Page.Locator("[data-tiles] .tile")).ToHaveCountAsync(3, new() { Timeout = 60_000 });
        await Expect(ana.Page.Locator(".upload[role=alert]")).ToHaveCountAsync(3, new() { Timeout = 60_000 });

        // The noisy one tells its noise, and its clean version is known from here on.
        await Expect(Tile(ana, "noisy.tif")).ToContainTextAsync(new Regex(@"σ\D*2[3-7]"));
        await Tile(ana, "noisy.tif").ClickAsync();
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Set reference" }).ClickAsync();
        await ana.Page.GetByRole(AriaRole.Dialog).Locator($"[title='{Path.GetFileName(clean)}']").ClickAsync();
        await Expect(Tile(ana, "noisy.tif")).ToContainTextAsync("ref");
        await ana.LookAsync("library");
        (await ana.BarriersInBothThemesAsync()).ShouldBeEmpty();
    }

    private static async Task StartTrainingAsync(Person ana)
    {
        await ChooseAsync(ana, "noisy.tif");
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Train", Exact = true }).ClickAsync();
        await Expect(ana.Page.GetByRole(AriaRole.Heading, new() { Name = "New training" })).ToBeVisibleAsync();
        await ana.Page.GetByText("Quick").ClickAsync();
        await ana.Page.GetByText("Advanced").ClickAsync();
        await ana.Page.GetByLabel("Start from the built-in denoiser").CheckAsync(); // the default, so that half a minute on a busy machine is enough
        await ana.LookAsync("train-new");
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Start training" }).ClickAsync();
        await Expect(ana.Page).ToHaveURLAsync(new Regex("/train/job-"));
        await Expect(ana.Page.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    /// <summary>Polls the job's own state: the page shows no checkpoints.</summary>
    private static async Task CheckpointAsync(Person ana)
    {
        var job = ana.Page.Url[(ana.Page.Url.LastIndexOf('/') + 1)..];
        var step = await ana.Page.EvaluateAsync<long>(
            """
            job => new Promise((found, failed) => {
              const events = new EventSource(`/api/v1/jobs/${job}/events`);
              events.onmessage = message => {
                const state = JSON.parse(message.data);
                if (state.checkpointStep > 0) { events.close(); found(state.checkpointStep); }
                if (state.endedAt) { events.close(); failed(new Error("ended: " + message.data)); }
              };
              setTimeout(() => failed(new Error("no checkpoint within two minutes")), 120000);
            })
            """,
            job);
        step.ShouldBeGreaterThan(0);
        await ana.LookAsync("train-running");
    }

    private static async Task SeeResultAsync(Person ana)
    {
        await Expect(ana.Page.GetByRole(AriaRole.Heading, new() { Name = "Result" })).ToBeVisibleAsync(new() { Timeout = Minutes4 });
        await Expect(ana.Page.Locator("[data-viewer=split][data-ready=true]")).ToBeVisibleAsync();
        await ana.LookAsync("train-result");
        (await ana.BarriersInBothThemesAsync()).ShouldBeEmpty();
        var words = await ana.Page.Locator(".psnr").InnerTextAsync();
        var values = Numbers().Matches(words).Select(match => double.Parse(match.Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        values[0].ShouldBe(20.2, 0.3); // 20·log₁₀(255/25) = 20.17 dB
        (values[1] - values[0]).ShouldBeGreaterThan(5);
    }

    private static async Task DownloadAsync(Person ana)
    {
        var download = await ana.Page.RunAndWaitForDownloadAsync(() => ana.Page.GetByRole(AriaRole.Link, new() { Name = "TIFF 32F" }).ClickAsync());
        var path = await download.PathAsync();
        var info = await Repository.CliAsync("info", path, "--json");
        System.Text.Json.JsonDocument.Parse(info).RootElement[0].GetProperty("bitDepth").GetInt32().ShouldBe(32);
    }

    private async Task CompareAndShareAsync(Person ana, GrainyServer server)
    {
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Compare", Exact = true }).ClickAsync();
        await Expect(ana.Page).ToHaveURLAsync(new Regex("/compare/cmp-"));
        await Expect(ana.Page.Locator(".scores tbody tr")).ToHaveCountAsync(4, new() { Timeout = Minutes2 });
        await Expect(ana.Page.Locator(".scores")).ToContainTextAsync("±", new() { Timeout = Minutes2 });
        await Expect(ana.Page.GetByText("measuring…")).ToHaveCountAsync(0, new() { Timeout = Minutes4 });

        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Share live" }).ClickAsync();
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        var link = await ana.Page.Locator("#share-link").InputValueAsync();
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();

        await using var ben = await chromium.PersonAsync(server, ColorScheme.Light, width: 420, height: 820);
        await ben.Page.GotoAsync(link);
        await ben.Page.GetByLabel("Your name").FillAsync("Ben");
        await ben.Page.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        await ben.LiveAsync();
        await Expect(ben.Page.Locator("[data-viewer=split][data-ready=true]")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("[data-part=people]")).ToContainTextAsync("B");
        await Expect(ben.Page.Locator("[data-part=people] li")).ToHaveCountAsync(2);

        // What one moves, moves for the other; both ways.
        await ana.Page.Locator("[data-part=handle]").PressAsync("Home");
        await DividerAsync(ben, 0);
        await ben.Page.Locator("[data-part=handle]").PressAsync("End");
        await DividerAsync(ana, 100);
        await ana.LookAsync("compare-shared");
        await ben.LookAsync("room-phone-light");
        (await ana.BarriersInBothThemesAsync()).ShouldBeEmpty();
        (await ben.BarriersAsync()).ShouldBeEmpty();

        // The guest sees this room and nothing else.
        (await ben.Page.GotoAsync("/library"))!.Url.ShouldContain("/sign-in");
        ben.Errors.ShouldBeEmpty();
    }

    private static async Task BlendAsync(Person ana)
    {
        await ana.GoAsync("/library");
        await ChooseAsync(ana, "kodim07.png", "kodim03.png");
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Blend", Exact = true }).ClickAsync();
        await Expect(ana.Page.GetByText("The images have one size")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await ana.LookAsync("blend-new");
        (await ana.BarriersInBothThemesAsync()).ShouldBeEmpty();
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Start blending" }).ClickAsync();
        await Expect(ana.Page).ToHaveURLAsync(new Regex("/blend/bl-"));
        var label = ana.Page.Locator("[data-viewer=blend] [data-part=label]");
        await Expect(label).ToContainTextAsync("pixel mix", new() { IgnoreCase = true });
        await Expect(label).Not.ToContainTextAsync("pixel mix", new() { IgnoreCase = true, Timeout = Minutes2 });
        await ana.LookAsync("blend");
        (await ana.BarriersInBothThemesAsync()).ShouldBeEmpty();
    }

    private static Task DividerAsync(Person person, int percent) =>
        Expect(person.Page.Locator("[data-part=handle]")).ToHaveAttributeAsync("aria-valuenow", $"{percent}");

    private static ILocator Tile(Person person, string name) => person.Page.Locator($"[data-tiles] .tile[title='{name}']");

    private static async Task ChooseAsync(Person person, params string[] names)
    {
        await Expect(Tile(person, names[0])).ToBeVisibleAsync();
        foreach (var tile in await person.Page.Locator("[data-tiles] .tile[aria-selected=true]").AllAsync())
        {
            await tile.ClickAsync();
        }

        foreach (var name in names)
        {
            await Tile(person, name).ClickAsync();
            await Expect(Tile(person, name)).ToHaveAttributeAsync("aria-selected", "true");
        }
    }

    private static FilePayload File(string path, byte[] content) =>
        new() { Name = Path.GetFileName(path), MimeType = "application/octet-stream", Buffer = content };

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex Numbers();
}

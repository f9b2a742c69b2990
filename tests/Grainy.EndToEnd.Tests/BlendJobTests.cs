using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grainy.EndToEnd.Tests;

/// <summary>Blends as people make them: three images in a room with two of them, and an average of noisy copies.</summary>
public sealed class BlendJobTests(Chromium chromium) : IDisposable
{
    private const float Minutes2 = 120_000;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grainy-blend-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Three_images_should_be_blended_by_two_people_in_a_room()
    {
        await using var server = await GrainyServer.StartAsync(Path.Combine(_folder.FullName, "data"));
        await using var ana = await chromium.PersonAsync(server);
        await ana.GoAsync(server.StartLink.ToString());
        await UploadAsync(ana);

        await ShareATriangleAsync(ana, server);
        ana.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Average_of_noisy_copies_should_show_what_came_out_on_any_screen()
    {
        await using var server = await GrainyServer.StartAsync(Path.Combine(_folder.FullName, "data"));
        await using var ana = await chromium.PersonAsync(server);
        await ana.GoAsync(server.StartLink.ToString());
        await UploadAsync(ana);

        await AverageAsync(ana);
        ana.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_images_should_be_blended_in_the_order_chosen_and_spaced_evenly()
    {
        await using var server = await GrainyServer.StartAsync(Path.Combine(_folder.FullName, "data"));
        await using var ana = await chromium.PersonAsync(server);
        await ana.GoAsync(server.StartLink.ToString());
        await UploadAsync(ana);

        await BeginAsync(ana, "Blend", "builtin", "two.png", "one.png");
        await ana.Page.Locator("#frames").SelectOptionAsync("5");
        await ana.Page.GetByText("Advanced").ClickAsync();
        await ana.Page.Locator("#steps").FillAsync("20");
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Start blending" }).ClickAsync();
        await Expect(ana.Page.GetByRole(AriaRole.Heading, new() { Name = "two.png → one.png" })).ToBeVisibleAsync();
        await Expect(ana.Page.Locator(".spacing-chart .column")).ToHaveCountAsync(4, new() { Timeout = Minutes2 });

        // Columns reach the ground and are as high as they say: 4 of 90 units are free above the highest.
        var heights = await ana.Page.Locator(".spacing-chart .column").EvaluateAllAsync<double[]>("all => all.map(one => one.getBoundingClientRect().height / one.ownerSVGElement.getBoundingClientRect().height)");
        heights.Max().ShouldBeInRange(0.8, 0.97);
        (await ana.Page.Locator(".spacing-chart .column").EvaluateAllAsync<double[]>("all => all.map(one => one.ownerSVGElement.getBoundingClientRect().bottom - one.getBoundingClientRect().bottom)"))
            .ShouldAllBe(gap => Math.Abs(gap) < 1.5);
        await ana.Page.Locator(".spacing-chart").ScrollIntoViewIfNeededAsync();
        await ana.LookAsync("blend-spacing");
        await PhoneAsync(ana, "blend-spacing-phone");
        await SurviveAPictureThatWasReplacedAsync(ana);
        ana.Errors.ShouldBeEmpty();
    }

    /// <summary>A frame that is replaced while its picture is fetched is gone for a moment: nobody should be told to reload the page.</summary>
    private static async Task SurviveAPictureThatWasReplacedAsync(Person ana)
    {
        var missed = 0;
        await ana.Page.RouteAsync("**/frames/*/*.png", async route =>
        {
            if (Interlocked.Exchange(ref missed, 1) == 0)
            {
                await route.FulfillAsync(new() { Status = 200, ContentType = "image/png", Body = "not a picture" });
                return;
            }

            await route.ContinueAsync();
        });
        await ana.Page.ReloadAsync();
        await Expect(ana.Page.Locator("[data-viewer=blend][data-ready=true]")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("[data-part=label]")).ToHaveTextAsync(new Regex("^Perceptual blend · "));
        await Expect(ana.Page.Locator("[data-part=problem]")).ToBeHiddenAsync();
        missed.ShouldBe(1);
    }

    /// <summary>Three scenes, and two noisy copies of the first.</summary>
    private static async Task UploadAsync(Person ana)
    {
        var pictures = await ana.Page.EvaluateAsync<string[]>(
            """
            () => {
              const side = 96;
              const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
              const drawing = canvas.getContext("2d");
              let seed = 7;
              const random = () => (seed = (seed * 1664525 + 1013904223) >>> 0) / 4294967296;
              const paint = (number, noise) => {
                const pixels = drawing.createImageData(side, side);
                for (let i = 0; i < pixels.data.length; i++) {
                  const [x, y, channel] = [(i >> 2) % side, Math.floor(i / 4 / side), i % 4];
                  const value = 128 + 60 * Math.sin(x * x * 0.003 * number + channel) + 40 * Math.cos(y * y * 0.004 + x * 0.1 * number);
                  pixels.data[i] = channel === 3 ? 255 : value + noise * (random() + random() + random() - 1.5);
                }
                drawing.putImageData(pixels, 0, 0);
                return canvas.toDataURL("image/png").split(",")[1];
              };
              return [paint(1, 0), paint(2, 0), paint(3, 0), paint(1, 60), paint(1, 60)];
            }
            """);
        string[] names = ["one.png", "two.png", "three.png", "shot1.png", "shot2.png"];
        await ana.Page.Locator("input[type=file]").SetInputFilesAsync(
            pictures.Zip(names, (picture, name) => new FilePayload { Name = name, MimeType = "image/png", Buffer = Convert.FromBase64String(picture) }));
        await Expect(ana.Page.Locator("[data-tiles] .tile")).ToHaveCountAsync(names.Length, new() { Timeout = 60_000 });
    }

    private async Task ShareATriangleAsync(Person ana, GrainyServer server)
    {
        await BeginAsync(ana, "Blend", "l2", "one.png", "two.png", "three.png");
        await ana.Page.Locator("#divisions").SelectOptionAsync("2");
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Start blending" }).ClickAsync();
        await Expect(ana.Page.Locator(".page-head [role=status]")).ToHaveTextAsync("4 of 4 frames computed", new() { Timeout = Minutes2 });
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Share live" }).ClickAsync();
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        var link = await ana.Page.Locator("#share-link").InputValueAsync();
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();

        await using var ben = await chromium.PersonAsync(server, ColorScheme.Light, width: 400, height: 820);
        await ben.Page.GotoAsync(link);
        await ben.Page.GetByLabel("Your name").FillAsync("Ben");
        await ben.Page.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        await ben.LiveAsync();
        await Expect(ben.Page.Locator("[data-viewer=blend][data-ready=true]")).ToBeVisibleAsync();
        await Expect(ben.Page.Locator("[data-part=people] li")).ToHaveCountAsync(2);
        await Expect(ana.Page.Locator("[data-part=people] li")).ToHaveCountAsync(2);

        // Keys at one, a finger on the pad at the other: both pads follow both.
        await ana.Page.Locator("[data-part=stage]").PressAsync("2");
        await SeeSharesAsync(ben, 0, 1, 0);
        await Expect(ben.Page.Locator("[data-part=label]")).ToHaveTextAsync(new Regex("^Original · "));
        var pad = (await ben.Page.Locator(".pad-ground").BoundingBoxAsync())!;
        await ben.Page.Mouse.ClickAsync(pad.X + (pad.Width / 2), pad.Y + pad.Height - 1);
        await SeeSharesAsync(ana, 0, 0.5, 0.5);
        await Expect(ana.Page.Locator("[data-part=knob]")).ToHaveAttributeAsync("aria-valuetext", new Regex("png 0 %, .*png 50 %, .*png 50 %"));
        await Expect(ana.Page.Locator("[data-number='2']")).ToHaveValueAsync("50");
        await ana.LookAsync("blend-room-three");
        await ben.LookAsync("blend-room-three-phone-light");
        (await ana.BarriersInBothThemesAsync()).ShouldBeEmpty();
        (await ben.BarriersAsync()).ShouldBeEmpty();
        ben.Errors.ShouldBeEmpty();
    }

    private static async Task AverageAsync(Person ana)
    {
        await BeginAsync(ana, "Average", "l2", "shot1.png", "shot2.png");
        (await ana.BarriersInBothThemesAsync()).ShouldBeEmpty();
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Start averaging" }).ClickAsync();
        await Expect(ana.Page).ToHaveURLAsync(new Regex("/blend/average/job-"));
        await Expect(ana.Page.GetByRole(AriaRole.Heading, new() { Name = "Grain" })).ToBeVisibleAsync(new() { Timeout = Minutes2 });
        await Expect(ana.Page.Locator("[data-viewer=split][data-ready=true]")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator(".grain-chart polyline")).ToHaveCountAsync(3);
        await ana.LookAsync("average");
        (await ana.BarriersInBothThemesAsync()).ShouldBeEmpty();
        await PhoneAsync(ana, "average-phone");
    }

    private static async Task PhoneAsync(Person person, string name)
    {
        await person.Page.SetViewportSizeAsync(400, 860);
        (await person.BarriersInBothThemesAsync()).ShouldBeEmpty();
        (await person.Page.EvaluateAsync<bool>("() => document.querySelector('.page').scrollWidth <= document.querySelector('.page').clientWidth")).ShouldBeTrue("The page is wider than a phone.");
        await person.LookAsync(name);
        await person.Page.SetViewportSizeAsync(1400, 900);
    }

    private static async Task BeginAsync(Person ana, string what, string metric, params string[] names)
    {
        await ana.GoAsync("/library");
        foreach (var name in names)
        {
            await ana.Page.Locator($"[data-tiles] .tile[title='{name}']").ClickAsync();
            await Expect(ana.Page.Locator($"[data-tiles] .tile[title='{name}']")).ToHaveAttributeAsync("aria-selected", "true");
        }

        await ana.Page.GetByRole(AriaRole.Button, new() { Name = what, Exact = true }).ClickAsync();
        await Expect(ana.Page.GetByText("The images have one size")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await ana.Page.Locator("#metric").SelectOptionAsync(metric);
        await ana.Page.Locator("#size").SelectOptionAsync("128");
    }

    private static async Task SeeSharesAsync(Person person, params double[] shares) => await person.Page.WaitForFunctionAsync(
        "shares => window.__viewer.state().weights.every((weight, i) => Math.abs(weight - shares[i]) < 0.02)", shares);
}

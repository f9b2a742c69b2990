using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grainy.EndToEnd.Tests;

/// <summary>Comparing several images as a person does it: values as they come, a contradiction in words, a narrower ±, a map over the pictures.</summary>
public sealed partial class ComparisonJobTests(Chromium chromium) : IDisposable
{
    private const float Minutes4 = 240_000;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grainy-compare-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Three_images_should_be_compared_refined_and_mapped_and_known_the_next_time()
    {
        await using var server = await GrainyServer.StartAsync(Path.Combine(_folder.FullName, "data"));
        await using var ana = await chromium.PersonAsync(server);
        await ana.GoAsync(server.StartLink.ToString());
        await UploadAsync(ana);

        await CompareAsync(ana);
        await RefineAsync(ana);
        await MapAsync(ana);
        (await ana.BarriersInBothThemesAsync()).ShouldBeEmpty();
        await ana.Page.SetViewportSizeAsync(400, 860);
        (await ana.BarriersInBothThemesAsync()).ShouldBeEmpty();
        await ana.LookAsync("compare-set-phone");
        await ana.Page.SetViewportSizeAsync(1400, 900);

        await SeeTheSameInAMatrixAsync(ana);
        ana.Errors.ShouldBeEmpty();
    }

    /// <summary>A pattern, the same with a little noise, and the same with less contrast: the error of the noise is smaller, and it is seen more.</summary>
    private static async Task UploadAsync(Person ana)
    {
        var pictures = await ana.Page.EvaluateAsync<string[]>(
            """
            () => {
              const canvas = Object.assign(document.createElement("canvas"), { width: 128, height: 128 });
              const drawing = canvas.getContext("2d");
              let seed = 7;
              const random = () => (seed = (seed * 1664525 + 1013904223) >>> 0) / 4294967296;
              const paint = (change) => {
                const pixels = drawing.createImageData(128, 128);
                for (let i = 0; i < pixels.data.length; i++) {
                  const [x, y, channel] = [(i >> 2) % 128, Math.floor(i / 512), i % 4];
                  const value = 128 + 70 * Math.sin(x * 0.21 + channel) * Math.cos(y * 0.16) + 25 * Math.sin((x + y) * 0.6);
                  pixels.data[i] = channel === 3 ? 255 : change(value);
                }
                drawing.putImageData(pixels, 0, 0);
                return canvas.toDataURL("image/png").split(",")[1];
              };
              return [paint((v) => v), paint((v) => v + 24 * (random() + random() - 1)), paint((v) => v * 0.86 + 30)];
            }
            """);
        string[] names = ["reference.png", "noisy.png", "paler.png"];
        await ana.Page.Locator("input[type=file]").SetInputFilesAsync(
            pictures.Zip(names, (picture, name) => new FilePayload { Name = name, MimeType = "image/png", Buffer = Convert.FromBase64String(picture) }));
        await Expect(ana.Page.Locator("[data-tiles] .tile")).ToHaveCountAsync(3, new() { Timeout = 60_000 });
    }

    private static async Task CompareAsync(Person ana)
    {
        await ana.GoAsync("/compare");
        await PickAsync(ana);
        await Expect(ana.Page.Locator(".picker [role=status]")).ToHaveTextAsync("2 images against reference.png");
        await ana.LookAsync("compare-pick");
        (await ana.BarriersAsync()).ShouldBeEmpty();
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Compare", Exact = true }).ClickAsync();
        await Expect(ana.Page).ToHaveURLAsync(new Regex("/compare/cmp-"));
        await Expect(ana.Page.Locator(".scores.set tbody tr")).ToHaveCountAsync(2);
        await MeasuredAsync(ana);
        await Expect(ana.Page.Locator(".verdicts .disagree")).ToContainTextAsync("The metrics disagree: PSNR puts “noisy.png” first");
        await Expect(ana.Page.Locator(".verdicts .disagree")).ToContainTextAsync("“paler.png” first");
        await ana.LookAsync("compare-set");

        // The keys of the viewer go through the images.
        await ana.Page.Locator("[data-part=stage]").PressAsync(".");
        await Expect(ana.Page.Locator("h1")).ToHaveTextAsync("reference.png | paler.png");
        await ana.Page.Locator("[data-part=stage]").PressAsync(",");
        await Expect(ana.Page.Locator("h1")).ToHaveTextAsync("reference.png | noisy.png");
    }

    private static async Task RefineAsync(Person ana)
    {
        var before = await DoubtAsync(ana);
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Refine all ±" }).ClickAsync();
        await Expect(ana.Page.Locator(".measure-progress")).ToHaveCountAsync(1);
        await MeasuredAsync(ana);
        (await DoubtAsync(ana)).ShouldBeLessThan(0.8 * before);
    }

    private static async Task MapAsync(Person ana)
    {
        await ana.Page.Locator("#map-metric").SelectOptionAsync("ssim");
        await Expect(ana.Page.Locator(".map-reading")).ToContainTextAsync("Dark: no difference", new() { Timeout = Minutes4 });
        await Expect(ana.Page.Locator("[data-part=map]")).ToBeVisibleAsync();
        await ana.Page.WaitForFunctionAsync("() => window.__viewer.state().map?.ready === true");
        await ana.Page.Locator("[data-map-opacity]").FillAsync("0.4");
        await Expect(ana.Page.Locator("[data-part=map]")).ToHaveCSSAsync("opacity", "0.4");
        await ana.LookAsync("compare-map");
        await ana.Page.Locator("[data-part=stage]").PressAsync("m");
        await Expect(ana.Page.Locator("[data-part=map]")).ToBeHiddenAsync();
        await ana.Page.Locator("[data-part=stage]").PressAsync("m");
        await Expect(ana.Page.Locator("[data-part=map]")).ToBeVisibleAsync();
    }

    /// <summary>Two of three pairs are known from before; the third one is measured.</summary>
    private static async Task SeeTheSameInAMatrixAsync(Person ana)
    {
        await ana.GoAsync("/compare");
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "New comparison" }).ClickAsync();
        await PickAsync(ana);
        await ana.Page.GetByLabel("All pairs").CheckAsync();
        await Expect(ana.Page.Locator(".picker [role=status]")).ToHaveTextAsync("3 pairs of 3 images");
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Compare", Exact = true }).ClickAsync();
        await Expect(ana.Page.Locator(".matrix tbody tr")).ToHaveCountAsync(3);
        await MeasuredAsync(ana);
        await Expect(ana.Page.Locator(".matrix-cell")).ToHaveCountAsync(6);
        (await ana.Page.Locator(".matrix-cell").EvaluateAllAsync<double[]>("all => all.map(one => one.parentElement.clientHeight - one.offsetHeight)"))
            .ShouldAllBe(rest => Math.Abs(rest) < 1.5, "A cell is pressed and marked as a whole, also in a row that another cell makes higher.");
        await ana.LookAsync("compare-matrix");
        (await ana.BarriersInBothThemesAsync()).ShouldBeEmpty();
        var sheet = await ana.Page.EvaluateAsync<string>("async () => (await fetch(document.querySelector('a[href$=\"scores.csv\"]').href)).text()");
        sheet.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1 + (3 * 4));
    }

    private static async Task PickAsync(Person ana)
    {
        foreach (var name in (string[])["reference.png", "noisy.png", "paler.png"])
        {
            await ana.Page.Locator($".pick-list .tile[title='{name}']").ClickAsync();
            await Expect(ana.Page.Locator($".pick-list .tile[title='{name}']")).ToHaveAttributeAsync("aria-pressed", "true");
        }
    }

    private static Task MeasuredAsync(Person ana) => Expect(ana.Page.GetByText("measuring…")).ToHaveCountAsync(0, new() { Timeout = Minutes4 });

    /// <summary>The largest ± on the page.</summary>
    private static async Task<double> DoubtAsync(Person ana)
    {
        var words = await ana.Page.Locator(".scores.set").InnerTextAsync();
        return Doubts().Matches(words).Max(match => double.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"± (\d+\.\d+)")]
    private static partial Regex Doubts();
}

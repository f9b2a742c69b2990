using System.Globalization;
using Grainy.Core.Images;
using Grainy.TestKit;

namespace Grainy.Cli.Tests;

public sealed class ScoreListTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Score_should_rank_the_images_that_fit_a_pattern_and_go_on_over_a_bad_one()
    {
        var reference = Grey(0.2f, "ref.png");
        Grey(0.4f, "one.png");
        Grey(0.3f, "two.png");
        await File.WriteAllTextAsync(_bench["broken.png"], "no image", TestContext.Current.CancellationToken);

        var outcome = await GrainyProgram.RunAsync("score", reference, _bench["*.png"], _bench["gone.png"], "--metric", "psnr,ssim", "--json", "--quiet");

        outcome.ExitCode.ShouldBe(1);
        var rows = outcome.Json.GetProperty("results").EnumerateArray().ToArray();
        rows.Select(row => (Path.GetFileName(row.GetProperty("b").GetString()), row.GetProperty("metric").GetString(), row.GetProperty("rank").ToString()))
            .ShouldBe(
            [
                ("broken.png", null, ""), ("one.png", "psnr", "2"), ("one.png", "ssim", "2"), ("two.png", "psnr", "1"), ("two.png", "ssim", "1"), ("gone.png", null, ""),
            ]);
        // An error of 51/255 everywhere: 10·log10(25).
        rows[1].GetProperty("value").GetDouble().ShouldBe(10 * Math.Log10(25), 1e-4);
        rows[^1].GetProperty("error").GetString().ShouldBe($"there is no file '{_bench["gone.png"]}'");
        outcome.ErrorLines.Length.ShouldBe(2);
        outcome.ErrorLines[0].ShouldContain("broken.png");
    }

    [Fact]
    public async Task Score_should_compare_two_folders_by_name_and_write_a_file()
    {
        Directory.CreateDirectory(_bench["truth"]);
        Directory.CreateDirectory(_bench["out"]);
        foreach (var name in new[] { "truth/a.png", "truth/b.png", "truth/lone.png", "out/a.png", "out/b.png", "out/extra.png" })
        {
            Grey(name.StartsWith("truth", StringComparison.Ordinal) ? 0.2f : 0.4f, name);
        }

        var outcome = await GrainyProgram.RunAsync("score", _bench["truth"], _bench["out"], "--metric", "psnr", "--csv", "--out", _bench["scores.csv"]);

        outcome.ExitCode.ShouldBe(1);
        var lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("reference,image,metric,value,half_width_95,standard_error,samples,seed,rank,fingerprint,error");
        lines.Skip(1).Select(line => line.Split(',')[..3].Select(Path.GetFileName))
            .ShouldBe([["a.png", "a.png", "psnr"], ["b.png", "b.png", "psnr"], ["lone.png", "lone.png", ""], ["extra.png", "extra.png", ""]]);
        double.Parse(lines[1].Split(',')[3], CultureInfo.InvariantCulture).ShouldBe(10 * Math.Log10(25), 1e-4);
        lines[3].ShouldEndWith($"'{_bench["out"]}' has no image of that name");
        (await File.ReadAllTextAsync(_bench["scores.csv"], TestContext.Current.CancellationToken)).ShouldBe(outcome.Output);
    }

    [Fact]
    public async Task Score_should_measure_every_page_of_a_stack_and_not_the_first_alone()
    {
        var reference = Grey(0.2f, "ref.png");
        var stack = Stack("stack.tif", 51, 102, 77);

        var each = await GrainyProgram.RunAsync("score", reference, stack, "--metric", "psnr", "--json", "--quiet");
        var paired = await GrainyProgram.RunAsync("score", stack, stack, "--metric", "psnr", "--csv", "--quiet");
        var unequal = await GrainyProgram.RunAsync("score", stack, reference, "--metric", "psnr", "--quiet");

        each.ExitCode.ShouldBe(0);
        var rows = each.Json.GetProperty("results").EnumerateArray().ToArray();
        rows.Select(row => (Path.GetFileName(row.GetProperty("b").GetString()), row.GetProperty("rank").GetInt32()))
            .ShouldBe([("stack.tif page 1", 1), ("stack.tif page 2", 3), ("stack.tif page 3", 2)]);
        rows[1].GetProperty("value").GetDouble().ShouldBe(10 * Math.Log10(25), 1e-4);
        paired.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[..2].Select(Path.GetFileName))
            .ShouldBe([["stack.tif page 1", "stack.tif page 1"], ["stack.tif page 2", "stack.tif page 2"], ["stack.tif page 3", "stack.tif page 3"]]);
        unequal.ExitCode.ShouldBe(1);
        unequal.Error.ShouldContain("has 3 pages and");
    }

    [Fact]
    public async Task Commands_that_take_single_images_should_say_that_they_take_one_page()
    {
        var outcome = await GrainyProgram.RunAsync("corrupt", Stack("stack.tif", 51, 102, 77), "--gaussian", "10", "--out", _bench["noisy.tif"], "--quiet");

        outcome.ExitCode.ShouldBe(0);
        outcome.Error.ShouldContain("stack.tif: only the first of 3 pages is taken");
    }

    [Fact]
    public async Task Score_should_take_pairs_from_a_list()
    {
        Grey(0.2f, "ref, the first.png");
        Grey(0.4f, "a.png");
        Grey(0.2f, "b.png");
        const string List = "reference,image\n\"ref, the first.png\",a.png\r\na.png,b.png\n";
        await File.WriteAllTextAsync(_bench["pairs.csv"], List, TestContext.Current.CancellationToken);

        var outcome = await GrainyProgram.RunAsync("score", "--pairs", _bench["pairs.csv"], "--metric", "psnr", "--json");

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        var rows = outcome.Json.GetProperty("results").EnumerateArray().ToArray();
        rows.Select(row => (row.GetProperty("a").GetString(), row.GetProperty("b").GetString()))
            .ShouldBe([(_bench["ref, the first.png"], _bench["a.png"]), (_bench["a.png"], _bench["b.png"])]);
        rows[0].GetProperty("value").GetDouble().ShouldBe(rows[1].GetProperty("value").GetDouble());
    }

    // The picture that was made to fool LPIPS: nearer than a little noise by LPIPS, far away by PSNR.
    [Fact]
    public async Task Score_should_say_that_metrics_disagree()
    {
        var folder = SharedData.Require("data/metrics/elpips");
        string[] arguments =
        [
            "score", Path.Combine(folder, "adv_reference.png"), Path.Combine(folder, "adv_anchor.png"), Path.Combine(folder, "adv_vgg_sqz.png"),
            "--metric", "psnr,elpips-lpips-squeeze", "--weights", SharedData.Require("weights"),
        ];

        var shown = await GrainyProgram.RunAsync(arguments);
        var document = (await GrainyProgram.RunAsync([.. arguments, "--json"])).Json.GetProperty("disagreements").EnumerateArray().Single();

        shown.Output.ShouldContain($"Note: the metrics disagree: psnr finds {Path.Combine(folder, "adv_anchor.png")} nearer to the reference, ");
        document.GetProperty("firstIsNearer").GetString().ShouldBe("psnr");
        document.GetProperty("secondIsNearer").GetString().ShouldBe("elpips-lpips-squeeze");
    }

    [Fact]
    public async Task Score_should_sample_until_the_error_is_as_small_as_asked()
    {
        var (a, b) = (_bench.Crop("data/images/kodak/kodim03.png", 96, "a.png"), _bench.Crop("data/images/kodak/kodim07.png", 96, "b.png"));

        var outcome = await GrainyProgram.RunAsync("score", a, b, "--metric", "elpips-builtin", "--target-error", "0.1", "--max-samples", "400", "--json");

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        var (value, half) = (outcome.Json.GetProperty("value").GetDouble(), outcome.Json.GetProperty("halfWidth").GetDouble());
        half.ShouldBe(1.96 * outcome.Json.GetProperty("standardError").GetDouble(), 1e-12);
        half.ShouldBeInRange(1e-6, 0.1 * value);
        outcome.Json.GetProperty("samples").GetInt32().ShouldBeInRange(8, 399);
    }

    [Fact]
    public async Task Score_should_take_the_value_of_white_from_the_caller_and_never_guess_it()
    {
        var (a, b) = (Float(51, "a.npy"), Float(102, "b.npy"));

        var guessed = await GrainyProgram.RunAsync("score", a, b, "--metric", "psnr");
        var stated = await GrainyProgram.RunAsync("score", a, b, "--metric", "psnr", "--data-range", "255", "--json");

        guessed.ExitCode.ShouldBe(1);
        guessed.ErrorLines.ShouldHaveSingleItem().ShouldContain("state the data range");
        stated.Json.GetProperty("value").GetDouble().ShouldBe(10 * Math.Log10(25), 1e-4);
    }

    [Fact]
    public async Task Score_should_write_maps_that_show_where_images_differ()
    {
        var clean = new float[96 * 96];
        Array.Fill(clean, 0.5f);
        var spoilt = (float[])clean.Clone();
        for (var i = 0; i < 16 * 16; i++)
        {
            spoilt[((8 + (i / 16)) * 96) + 8 + (i % 16)] = i % 2;
        }

        var (a, b) = (_bench.Save(new ImageBuffer(1, 96, 96, clean), "a.png"), _bench.Save(new ImageBuffer(1, 96, 96, spoilt), "b.png"));

        var outcome = await GrainyProgram.RunAsync("score", a, b, "--metric", "psnr,ms-ssim,builtin", "--map", _bench["maps"], "--json");

        outcome.ExitCode.ShouldBe(1); // MS-SSIM needs larger images
        var rows = outcome.Json.EnumerateArray().ToArray();
        foreach (var row in rows.Where(row => row.GetProperty("metric").GetString() != "ms-ssim"))
        {
            var map = ImageReader.Read(row.GetProperty("map").GetProperty("tiff").GetString()!).Image;
            ImageReader.Read(row.GetProperty("map").GetProperty("png").GetString()!).Image.Channels.ShouldBe(3);
            (map.Width, map.Height, map.Channels).ShouldBe((96, 96, 1));
            // The spoilt corner, not the far one, which deep layers see a little of.
            map.Planes[(16 * 96) + 16].ShouldBeGreaterThan(20 * Math.Abs(map.Planes[(80 * 96) + 80]));
            map.Planes.Average().ShouldBe((float)row.GetProperty("map").GetProperty("mean").GetDouble(), 1e-5f);
        }
    }

    [Theory]
    [InlineData(2, "name a reference and at least one image", "score")]
    [InlineData(2, "name a reference and at least one image", "score", "a.png")]
    [InlineData(2, "--pairs names all images", "score", "a.png", "b.png", "--pairs", "p.csv")]
    [InlineData(2, "--json and --csv cannot be had at once", "score", "a.png", "b.png", "--json", "--csv")]
    [InlineData(2, "'x.txt' must end with .csv or .json", "score", "a.png", "b.png", "--out", "x.txt")]
    [InlineData(2, "'0' does not fit --target-error", "score", "a.png", "b.png", "--target-error", "0")]
    [InlineData(1, "there is no file 'p.csv' with pairs", "score", "--pairs", "p.csv")]
    [InlineData(1, "'grainy weights pull lpips-vgg' fetches them", "score", "a.png", "b.png", "--metric", "lpips-vgg")]
    public async Task Score_should_say_what_cannot_be_done(int exitCode, string expected, params string[] arguments)
    {
        var outcome = await GrainyProgram.RunAsync([.. arguments, "--weights", Directory.CreateDirectory(_bench["none"]).FullName]);

        outcome.ExitCode.ShouldBe(exitCode);
        outcome.Output.ShouldBeEmpty();
        outcome.ErrorLines[0].ShouldContain(expected);
    }

    private string Grey(float value, string name) => _bench.Save(new ImageBuffer(1, 32, 32, [.. Enumerable.Repeat(value, 1024)]), name);

    private string Stack(string name, params int[] values)
    {
        var pages = Array.ConvertAll(values, value => (NetVips.Image.Black(32, 32) + value).Cast(NetVips.Enums.BandFormat.Uchar));
        using (var stack = NetVips.Image.Arrayjoin(pages, across: 1))
        {
            stack.Tiffsave(_bench[name], pageHeight: 32);
        }

        Array.ForEach(pages, page => page.Dispose());
        return _bench[name];
    }

    private string Float(float value, string name)
    {
        using var file = File.Create(_bench[name]);
        Npy.Write(new ImageBuffer(1, 32, 32, [.. Enumerable.Repeat(value, 1024)]), file);
        return _bench[name];
    }
}

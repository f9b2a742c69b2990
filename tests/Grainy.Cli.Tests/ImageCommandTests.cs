using Grainy.Core.Images;

namespace Grainy.Cli.Tests;

public sealed class ImageCommandTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Info_should_tell_of_good_files_and_name_what_is_wrong_with_the_others()
    {
        var good = _bench.Ramp(48, "good.png");
        await File.WriteAllTextAsync(_bench["text.png"], "not a picture at all", TestContext.Current.CancellationToken);

        var outcome = await GrainyProgram.RunAsync("info", "--json", good, _bench["text.png"], _bench["none.png"]);

        outcome.ExitCode.ShouldBe(1);
        var rows = outcome.Json.EnumerateArray().ToArray();
        rows[0].GetProperty("format").GetString().ShouldBe("PNG");
        (rows[0].GetProperty("width").GetInt32(), rows[0].GetProperty("channels").GetInt32(), rows[0].GetProperty("bitDepth").GetInt32()).ShouldBe((48, 1, 8));
        rows[1].GetProperty("error").GetString().ShouldNotBeNullOrWhiteSpace();
        rows[2].GetProperty("error").GetString().ShouldNotBeNull().ShouldContain("there is no file");
        outcome.ErrorLines.Length.ShouldBe(2);
    }

    [Fact]
    public async Task Info_should_print_a_table_and_suggest_the_next_command()
    {
        var outcome = await GrainyProgram.RunAsync("info", _bench.Ramp(48, "a b.png"));

        outcome.ExitCode.ShouldBe(0);
        outcome.Output.ShouldContain("48 × 48");
        outcome.ErrorLines.ShouldHaveSingleItem().ShouldBe($"Next: grainy noise '{_bench["a b.png"]}'");
    }

    // 128² samples: the standard error of the estimate is near 1 %; 10 % is far outside of what chance does.
    [Fact]
    public async Task Noise_should_find_the_strength_that_corrupt_added()
    {
        var clean = _bench.Ramp(128, "clean.png");

        var corrupted = await GrainyProgram.RunAsync("corrupt", clean, "--gaussian", "25", "--seed", "1", "--out", _bench["n.tif"], "--json");
        var again = await GrainyProgram.RunAsync("corrupt", clean, "--gaussian", "25", "--seed", "1", "--out", _bench["again.tif"], "--quiet");
        var noise = await GrainyProgram.RunAsync("noise", _bench["n.tif"], "--json");

        corrupted.ExitCode.ShouldBe(0, corrupted.Error);
        corrupted.Json.GetProperty("sigma8").GetDouble().ShouldBe(25);
        again.Error.ShouldBeEmpty();
        var (image, facts) = ImageReader.Read(_bench["n.tif"]);
        (facts.IsFloat, facts.BitDepth).ShouldBe((true, 32));
        image.Planes.Min().ShouldBeLessThan(0f);
        image.Planes.Max().ShouldBeGreaterThan(1f);
        ImageReader.Read(_bench["again.tif"]).Image.Planes.ShouldBe(image.Planes);
        noise.ExitCode.ShouldBe(0, noise.Error);
        noise.Json.GetProperty("images")[0].GetProperty("sigma8").GetDouble().ShouldBe(25, 2.5);
        var proposal = noise.Json.GetProperty("proposal");
        (proposal.GetProperty("verdict").GetString(), proposal.GetProperty("method").GetString()).ShouldBe(("go", "blind-spot"));
        proposal.GetProperty("noise").GetProperty("kind").GetString().ShouldBe("gaussian");
    }

    [Fact]
    public async Task Noise_should_measure_every_page_of_a_stack_and_take_them_for_frames()
    {
        var pages = Enumerable.Range(1, 3).Select(seed => Noisy((ulong)seed)).ToArray();
        using (var stack = NetVips.Image.Arrayjoin(pages, across: 1))
        {
            stack.Tiffsave(_bench["stack.tif"], pageHeight: 64);
        }

        Array.ForEach(pages, page => page.Dispose());
        var noise = await GrainyProgram.RunAsync("noise", _bench["stack.tif"], "--json");

        noise.ExitCode.ShouldBe(0, noise.Error);
        noise.Json.GetProperty("images").EnumerateArray().Select(image => Path.GetFileName(image.GetProperty("file").GetString())).ShouldBe(
            ["stack.tif page 1", "stack.tif page 2", "stack.tif page 3"]);
        noise.Json.GetProperty("proposal").GetProperty("method").GetString().ShouldBe("noise2noise");

        static NetVips.Image Noisy(ulong seed) => NetVips.Image.NewFromMemory(
            Grainy.Core.Noise.GaussianNoise.Corrupt(Grainy.TestKit.ImageFixtures.Waves(1, 64, 64), 0.05, seed).Planes.ToArray(), 64, 64, 1, NetVips.Enums.BandFormat.Float);
    }

    [Fact]
    public async Task Noise_should_refuse_an_image_that_is_too_small()
    {
        var outcome = await GrainyProgram.RunAsync("noise", _bench.Ramp(8, "tiny.png"));

        outcome.ExitCode.ShouldBe(1);
        outcome.ErrorLines.ShouldHaveSingleItem().ShouldContain("too small");
    }

    [Theory]
    [InlineData("--out must end in .tif", "--gaussian", "25", "--out", "n.png")]
    [InlineData("'-3' does not fit --gaussian", "--gaussian", "-3", "--out", "n.tif")]
    [InlineData("name one kind of noise: --gaussian, --poisson", "--out", "n.tif")]
    [InlineData("name one kind of noise", "--gaussian", "25", "--poisson", "30", "--out", "n.tif")]
    [InlineData("'50..5' does not fit --gaussian", "--gaussian", "50..5", "--out", "n.tif")]
    [InlineData("--offset belongs to --affine", "--gaussian", "25", "--offset", "1", "--out", "n.tif")]
    [InlineData("--mask needs", "--gaussian", "25", "--mask", "m.png", "--out", "n.tif")]
    [InlineData("'x' does not fit --seed", "--gaussian", "25", "--seed", "x", "--out", "n.tif")]
    public async Task Corrupt_should_refuse_wrong_arguments(string expected, params string[] arguments)
    {
        var outcome = await GrainyProgram.RunAsync(["corrupt", _bench["any.png"], .. arguments]);

        outcome.ExitCode.ShouldBe(2);
        outcome.ErrorLines[0].ShouldContain(expected);
        outcome.ErrorLines[1].ShouldStartWith("usage: grainy corrupt <in> --out <file>");
    }

    [Fact]
    public async Task Corrupt_should_write_frames_with_strengths_of_their_own_and_masks()
    {
        var clean = _bench.Ramp(64, "clean.png");

        var outcome = await GrainyProgram.RunAsync("corrupt", clean, "--bernoulli", "0.2..0.6", "--frames", "2", "--mask", _bench["kept.png"], "--out", _bench["f.npy"], "--json");

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        var strengths = outcome.Json.EnumerateArray().Select(frame => frame.GetProperty("strength").GetDouble()).ToArray();
        strengths.ShouldAllBe(strength => strength >= 0.2 && strength < 0.6);
        strengths[0].ShouldNotBe(strengths[1]);
        // 4,096 pixels: 5 standard errors of a share are at most 4 %.
        ImageReader.Read(_bench["kept-1.png"]).Image.Planes.Average().ShouldBe((float)(1 - strengths[0]), 0.04f);
        File.Exists(_bench["f-2.npy"]).ShouldBeTrue();
    }

    [Fact]
    public async Task Corrupt_should_leave_nothing_behind_when_it_cannot_write()
    {
        Directory.CreateDirectory(_bench["taken.tif"]);

        var outcome = await GrainyProgram.RunAsync("corrupt", _bench.Ramp(32, "clean.png"), "--gaussian", "25", "--out", _bench["taken.tif"]);

        outcome.ExitCode.ShouldBe(1);
        outcome.ErrorLines.ShouldHaveSingleItem().ShouldContain("is a folder");
        Directory.GetFileSystemEntries(_bench.Folder).Length.ShouldBe(2);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grainy.Core.Attacks;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Samples;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;

namespace Grainy.Benchmarks;

/// <summary>
/// Attacks on metrics with generated pictures: <c>attacks OUT [SCENARIO…]</c> writes the pictures to OUT and the numbers to <c>results</c>. With names of scenarios only
/// those run, and nothing is published.
/// </summary>
internal static class AttackDemonstration
{
    private const int Side = 128;

    public static void Run(string[] args)
    {
        // One thread: sums of two depend on how the work is split, and the pictures are to be the same elsewhere.
        TorchRuntime.Initialize(1);
        var folder = Directory.CreateDirectory(args.Length > 0 ? args[0] : "attacks").FullName;
        var catalog = new MetricCatalog(WeightStore.Default(Environment.GetEnvironmentVariable("Grainy__Weights")));
        var reference = Square(SampleSets.Generate("photo", 1).First().Reference!);
        var target = Square(SampleSets.Generate("box", 1).First().Reference!);
        Save(reference, Path.Combine(folder, "reference.png"));
        Save(target, Path.Combine(folder, "target.png"));
        var sections = new StringBuilder();
        var reports = new List<(AttackScenario Scenario, AttackReport Report)>();
        foreach (var scenario in AttackScenario.All.Where(scenario => args.Length < 2 || args.Contains(scenario.Name)))
        {
            var section = Section(scenario, reference, target, catalog, folder, reports);
            Console.WriteLine(section);
            sections.Append(section);
        }

        var text = Head() + Overview(reports) + sections + Fingerprints(reports);
        File.WriteAllText(Path.Combine(folder, "report.md"), text);
        if (args.Length < 2)
        {
            Publish(text, folder);
        }
    }

    private static void Publish(string text, string folder)
    {
        var pictures = Directory.CreateDirectory(Machine.Results("attacks")).FullName;
        foreach (var file in Directory.EnumerateFiles(folder, "*.jpg"))
        {
            File.Copy(file, Path.Combine(pictures, Path.GetFileName(file)), overwrite: true);
        }

        Machine.Publish("attacks", text);
    }

    private static string Overview(List<(AttackScenario Scenario, AttackReport Report)> reports)
    {
        var text = new StringBuilder("| attacked | dB to the target | dB to the reference | ratio of the attacked | elpips-squeeze | elpips-builtin |\n|---|--:|--:|--:|--:|--:|\n");
        foreach (var (scenario, report) in reports)
        {
            var attacked = string.Join(", ", report.Verdicts.Where(verdict => verdict.Role == AttackRole.Attacked).Select(Ratio));
            var target = report.PsnrToTarget?.ToString("F1", CultureInfo.InvariantCulture) ?? "";
            text.Append(CultureInfo.InvariantCulture, $"| {scenario.Title} | {target} | {report.PsnrToReference:F1} | {attacked} | {Of("elpips-squeeze")} | {Of("elpips-builtin")} |\n");

            string Of(string name) => report.Verdicts.FirstOrDefault(verdict => verdict.Metric == name) is { } verdict ? Ratio(verdict) : "";
        }

        return text.Append('\n').ToString();
    }

    private static string Fingerprints(List<(AttackScenario Scenario, AttackReport Report)> reports) => reports.Count == 0 ? "" : "## Fingerprints\n\n"
        + string.Concat(reports[0].Report.Verdicts.Select(verdict => $"- {verdict.Metric}: {verdict.Picture.Fingerprint}\n"));

    private static string Head() => FormattableString.Invariant($"""
        # Attacks on metrics, with pictures that Grainy generates

        Commit {Machine.Commit()}. {Machine.Describe()}, one thread for tensors; costs are processor time.
        Reference: the landscape of `SampleSets` (seed 1), its right-hand square at {Side} pixels. Target: the ray-traced box (seed 1) at {Side} pixels.
        Anchor: the reference with Gaussian noise of 0.05. All pictures are rounded to 8 bits, and the verdict is about the rounded ones, with seeds the search did not see.
        A ratio is the distance of the picture to the reference over that of the anchor (± half the 95 % interval), for PSNR of the squared errors, for SSIM of 1 − SSIM:
        a metric is fooled when it gives 1 or less to a picture that is nearer to the target than to the reference (by PSNR).

        `dotnet run -c Release --project tests/Grainy.Benchmarks -- attacks OUT` repeats all of it (`Grainy__Weights` names a folder with weights; what needs others than
        the built-in ones is left out without them) and leaves `OUT/reference.png` and `OUT/target.png`, with which each command line below repeats one attack.
        The pictures: reference, anchor, target, result, and what the result has over the target, four times enlarged around grey.

        """).ReplaceLineEndings("\n") + "\n";

    private static string Section(AttackScenario scenario, ImageBuffer reference, ImageBuffer target, MetricCatalog catalog, string folder, List<(AttackScenario, AttackReport)> reports)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"## {scenario.Title}\n\n");
        if (scenario.Settings.Metrics.Concat(scenario.Settings.Held).FirstOrDefault(name => !catalog.IsAvailable(name, out _)) is { } missing)
        {
            return text.Append(CultureInfo.InvariantCulture, $"Left out: the weights of {missing} are not installed here.\n\n").ToString();
        }

        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var cost = TimeSpan.Zero;
        AttackReport? report = null;
        foreach (var update in MetricAttack.Run(reference, scenario.Settings.Goal == AttackGoal.Approach ? target : null, null, scenario.Settings, catalog, default))
        {
            if (update.Phase == AttackPhase.Searching)
            {
                process.Refresh();
                cost = process.TotalProcessorTime - before;
            }

            report = update.Report;
        }

        reports.Add((scenario, report!));
        var picture = $"{scenario.Name}.jpg";
        Save(report!.Picture, Path.Combine(folder, $"{scenario.Name}.png"));
        SaveSheet(report, Path.Combine(folder, picture));
        text.Append(CultureInfo.InvariantCulture, $"`{scenario.CommandLine()}`\n\n![{scenario.Title}](./{Path.GetFileName(Machine.Results("attacks"))}/{picture})\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{report.Sentences[0]} The search took {cost.TotalSeconds:F0} s of one processor.{(scenario.Remark.Length > 0 ? " " : "")}{scenario.Remark}");
        text.Append(CultureInfo.InvariantCulture, $" In the end it saw ratios of {string.Join(", ", report.SearchRatios.Select(ratio => FormattableString.Invariant($"{ratio.Value:F3} ({ratio.Key})")))}.\n\n");
        text.Append("| metric | role | picture | anchor | ratio | before rounding | fooled |\n|---|---|--:|--:|--:|--:|---|\n");
        foreach (var verdict in report.Verdicts)
        {
            var exact = verdict.Exact is { } ratio ? ratio.ToString("F3", CultureInfo.InvariantCulture) : "";
            var role = verdict.Role.ToString();
            text.Append(CultureInfo.InvariantCulture, $"| {verdict.Metric} | {role} | {Value(verdict.Picture)} | {Value(verdict.Anchor)} | {Ratio(verdict)} | {exact} | {Word(verdict.Outcome)} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Value(MetricResult result) => string.Create(
        CultureInfo.InvariantCulture, $"{result.Value:F4}{(result.StandardError is { } error ? $" ± {1.96 * error:F4}" : "")}{(result.Metric == "psnr" ? " dB" : "")}");

    private static string Ratio(AttackVerdict verdict) => string.Create(
        CultureInfo.InvariantCulture, $"**{verdict.Ratio:F3}**{(verdict.RatioError is { } error ? $" ± {1.96 * error:F3}" : "")}");

    private static string Word(AttackOutcome outcome) => outcome switch
    {
        AttackOutcome.Fooled => "yes",
        AttackOutcome.Undecided => "at the edge",
        _ => "no",
    };

    private static void SaveSheet(AttackReport report, string path)
    {
        var over = ContactSheet.Difference(report.Picture, report.Target ?? report.Reference, 4);
        var sheet = ContactSheet.Compose([[report.Reference, report.Anchor, .. report.Target is { } target ? [target] : Array.Empty<ImageBuffer>(), report.Picture, over]]);
        using var png = new MemoryStream();
        ImageWriter.Write(sheet, png, OutputFormat.Png8);
        using var image = NetVips.Image.NewFromBuffer(png.ToArray());
        image.Jpegsave(path, q: 82);
    }

    private static void Save(ImageBuffer image, string path)
    {
        using var file = File.Create(path);
        ImageWriter.Write(image, file, OutputFormat.Png8);
    }

    private static ImageBuffer Square(ImageBuffer image)
    {
        var side = Math.Min(image.Width, image.Height);
        var planes = new float[image.Channels * side * side];
        for (var row = 0; row < image.Channels * side; row++)
        {
            image.Plane(row / side).Slice(((row % side) * image.Width) + image.Width - side, side).CopyTo(planes.AsSpan(row * side));
        }

        return Resize.ToLongerSide(new ImageBuffer(image.Channels, side, side, planes), Side);
    }
}

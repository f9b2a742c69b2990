using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;

namespace Grainy.Benchmarks;

/// <summary>
/// LPIPS of a 512² pair and E-LPIPS to ± 2.5 % against a plain PyTorch program, in turns, so that other load on the machine meets both alike; and what tiling costs.
/// </summary>
internal static class MetricsBenchmark
{
    private const int PlainSamples = 2190;

    /// <param name="args">The folder that holds <c>weights</c> and <c>data</c>; threads for both (2); rounds (9).</param>
    public static void Run(string[] args)
    {
        var shared = args.Length > 0 ? args[0] : throw new ArgumentException("usage: metrics SHARED [threads] [rounds]");
        var threads = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2;
        var rounds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 9;
        TorchRuntime.Initialize(threads);
        var catalog = new MetricCatalog(new WeightStore([Path.Combine(shared, "weights")]));
        using var peer = new TorchPeer("lpips_torch.py", threads, Path.Combine(shared, "weights"));
        var text = new StringBuilder();
        text.AppendLine("# Perceptual metrics against plain PyTorch").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Machine.Describe()}, commit {Machine.Commit()}; {threads} threads for tensors in both programs, which take turns, with rests; PyTorch {peer.Version} (tests/peers/lpips_torch.py, "
            + $"NCHW, float32, no gradients). {rounds} rounds after 2 for warming up; wall milliseconds.").AppendLine();
        Lpips(catalog, peer, rounds, text);
        Ensemble(catalog, peer, shared, Math.Max(3, rounds / 3), text);
        Tiles(catalog, Math.Max(3, rounds / 3), text);
        Machine.Publish("metrics", text.ToString());
    }

    private static void Lpips(MetricCatalog catalog, TorchPeer peer, int rounds, StringBuilder text)
    {
        var (a, b) = Pair(512);
        var (first, second) = (peer.Write("a", a), peer.Write("b", b));
        text.AppendLine("## LPIPS v0.1 of a pair of 512 × 512 pixels").AppendLine();
        text.AppendLine("| metric | Grainy, best | median | PyTorch, best | median | ratio of the medians | values |").AppendLine("|---|--:|--:|--:|--:|--:|---|");
        foreach (var network in new[] { "squeeze", "alex" })
        {
            using var metric = catalog.Create("lpips-" + network);
            var (ours, theirs) = (new List<double>(), new List<double>());
            double value = 0, other = 0;
            for (var round = -2; round < rounds; round++)
            {
                var mine = Milliseconds(() => value = metric.Measure(a, b, new MetricOptions(), default).Last().Value);
                (other, var peers) = peer.Run($"lpips {network} {first} {second}");
                if (round >= 0)
                {
                    ours.Add(mine);
                    theirs.Add(peers);
                }
            }

            text.AppendLine(CultureInfo.InvariantCulture,
                $"| lpips-{network} | {ours.Min():F1} | {Median(ours):F1} | {theirs.Min():F1} | {Median(theirs):F1} | {Median(theirs) / Median(ours):F1} | {value:F6}, {other:F6} |");
        }

        text.AppendLine();
    }

    private static void Ensemble(MetricCatalog catalog, TorchPeer peer, string shared, int rounds, StringBuilder text)
    {
        ImageBuffer Load(string name) => ImageReader.Read(Path.Combine(shared, "data", "metrics", "elpips", name)).Image;
        var (a, b) = (Load("adv_anchor.png"), Load("adv_reference.png"));
        var (first, second) = (peer.Write("anchor", a), peer.Write("reference", b));
        var probabilities = ELpipsSampler.Probabilities(ELpipsSampler.Scales(a.Height, a.Width));
        using var metric = catalog.Create("elpips-squeeze");
        _ = metric.Measure(a, b, new MetricOptions { Samples = 4 }, default).Last();
        var times = probabilities.Select(_ => new List<double>()).ToArray();
        var ours = new List<double>();
        text.AppendLine(CultureInfo.InvariantCulture, $"## E-LPIPS (squeeze) of the anchor pair, {a.Width} × {a.Height} pixels, to ± 2.5 % (95 %)").AppendLine();
        text.AppendLine("| seed | Grainy, seconds | value ± standard error | samples |").AppendLine("|--:|--:|---|--:|");
        for (var round = 0; round < rounds; round++)
        {
            var seed = (ulong)round + 1;
            MetricResult result = null!;
            ours.Add(Milliseconds(() => result = metric.Measure(a, b, new MetricOptions { TargetError = 0.025, Seed = seed }, default).Last()) / 1000);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {seed} | {ours[^1]:F2} | {result.Value:F5} ± {result.StandardError:F5} | {result.Samples} |");
            for (var scale = 1; scale <= probabilities.Length; scale++)
            {
                // Four of each scale and round; the first of all warms up.
                for (var i = round == 0 ? -1 : 0; i < 4; i++)
                {
                    var (_, milliseconds) = peer.Run($"elpips {scale} {first} {second} {(round * 100) + i + 2}");
                    if (i >= 0)
                    {
                        times[scale - 1].Add(milliseconds);
                    }
                }
            }
        }

        var sample = probabilities.Zip(times, (probability, of) => probability * Median(of)).Sum();
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture,
            $"The peer: medians of {times[0].Count} samples at each scale, {string.Join(", ", times.Select(of => Median(of).ToString("F0", CultureInfo.InvariantCulture)))} ms; "
            + $"a sample with scales by their probabilities takes {sample:F0} ms, so {PlainSamples:N0} (what ± 2.5 % takes without stratification) **{sample * PlainSamples / 1000:F0} s**, "
            + $"computed from these and not waited for. Grainy's median is **{Median(ours):F2} s: 1/{sample * PlainSamples / 1000 / Median(ours):F0}**.").AppendLine();
    }

    private static void Tiles(MetricCatalog catalog, int rounds, StringBuilder text)
    {
        var (a, b) = Pair(1536);
        text.AppendLine("## Tiles: a pair of 1536 × 1536 pixels, in tiles against in one piece").AppendLine();
        text.AppendLine("| metric | tiles, median | one piece, median | ratio |").AppendLine("|---|--:|--:|--:|");
        foreach (var network in new[] { "lpips-squeeze", "lpips-alex", "builtin" })
        {
            using var distance = catalog.LoadDistance(network);
            var (tiled, whole) = (new List<double>(), new List<double>());
            for (var round = -1; round < rounds; round++)
            {
                var (one, other) = (Measure(null), Measure(4096));
                if (round >= 0)
                {
                    tiled.Add(one);
                    whole.Add(other);
                }
            }

            text.AppendLine(CultureInfo.InvariantCulture, $"| {network} | {Median(tiled):F0} | {Median(whole):F0} | {Median(tiled) / Median(whole):F2} |");

            double Measure(int? side) => Milliseconds(() =>
            {
                foreach (var _ in new TiledDistance(distance, a, [b], side).Measure([PictureDraw.Plain], (_, _) => { }, default))
                {
                }
            });
        }
    }

    private static double Milliseconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static (ImageBuffer A, ImageBuffer B) Pair(int side)
    {
        var random = new RandomStream(1);
        var (a, b) = (new float[3 * side * side], new float[3 * side * side]);
        for (var i = 0; i < a.Length; i++)
        {
            var (y, x) = Math.DivRem(i % (side * side), side);
            a[i] = (float)(0.5 + (0.4 * Math.Sin(0.031 * x * (1 + (i / (side * side) * 0.3))) * Math.Cos((0.047 * y) + (0.00005 * x * y))));
            b[i] = (float)(a[i] + (0.1 * (random.NextDouble() - 0.5)));
        }

        return (new ImageBuffer(3, side, side, a), new ImageBuffer(3, side, side, b));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

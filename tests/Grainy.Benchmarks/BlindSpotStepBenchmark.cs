using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grainy.Core.Denoising;
using Grainy.Core.Tensors;
using Grainy.Core.Training;
using static TorchSharp.torch;

namespace Grainy.Benchmarks;

/// <summary>
/// One training step of the compact RGB network: the program's against a plain PyTorch program (NCHW, pad, convolve, crop, concatenate, library Adam). Both start from the
/// same weights, see the same crops and take turns, so that other load on the machine meets both alike.
/// </summary>
internal static class BlindSpotStepBenchmark
{
    private const int Crops = 4;
    private const int CurveSteps = 20;
    private const float Variance = 0.0096f;

    /// <param name="args">Threads for both (2); rounds (15).</param>
    public static void Run(string[] args)
    {
        var threads = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2;
        var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 15;
        TorchRuntime.Initialize(threads);
        using var peer = new TorchPeer("blindspot_torch.py", threads);
        var text = new StringBuilder();
        text.AppendLine("# One training step of the compact blind-spot network, RGB, full covariance, float32").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Machine.Describe()}, commit {Machine.Commit()}; {threads} thread(s) for tensors in both programs, which take turns, with rests; PyTorch {peer.Version} "
            + $"(tests/peers/blindspot_torch.py). {rounds} rounds after {CurveSteps} steps whose losses are compared; wall milliseconds.").AppendLine();
        text.AppendLine("| crops | Grainy, best | median | PyTorch, best | median | ratio of the medians | largest relative difference of the losses |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|");
        var curves = new StringBuilder();
        foreach (var side in new[] { 96, 64 })
        {
            Compare(peer, side, rounds, text, curves);
        }

        text.AppendLine().Append(curves);
        Machine.Publish("blindspot-step", text.ToString());
    }

    private static void Compare(TorchPeer peer, int side, int rounds, StringBuilder text, StringBuilder curves)
    {
        using var network = new BlindSpotNetwork(BlindSpotLayout.Of(NetworkPresets.Compact, 3));
        network.Parameters.Initialise(new SeedSequence(1));
        using var adam = new FlatOptimizer(network.Parameters);
        peer.Run($"start {peer.Write("weights", network.Parameters.ToArray())}");
        var steps = 0L;
        var (ours, theirs, losses) = (new List<double>(), new List<double>(), new List<(double Ours, double Theirs)>());
        for (var round = 0; round < CurveSteps + rounds; round++)
        {
            var pixels = Noisy(side, round);
            var file = peer.Write($"crops{side}", pixels);
            double value = 0;
            var start = Stopwatch.GetTimestamp();
            Step();
            var mine = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            var (other, milliseconds) = peer.Run(string.Create(CultureInfo.InvariantCulture, $"step {file} {side} {Variance}"));
            if (round < CurveSteps)
            {
                losses.Add((value, other));
                continue;
            }

            ours.Add(mine);
            theirs.Add(milliseconds);

            void Step()
            {
                using var scope = NewDisposeScope();
                using var crops = tensor(pixels, [Crops, 3, side, side]);
                var variance = full([Crops * side * side], Variance);
                var loss = GaussianLikelihood.Loss(PixelColumns.Of(network.Predict(crops), float32), PixelColumns.Of(crops, float32), variance);
                loss.backward();
                value = loss.item<float>();
                adam.Step(++steps, 1e-3, 0.99);
            }
        }

        var apart = losses.Max(pair => Math.Abs(pair.Ours - pair.Theirs) / Math.Abs(pair.Theirs));
        text.AppendLine(CultureInfo.InvariantCulture,
            $"| {Crops} × {side}² | {ours.Min():F0} | {Median(ours):F0} | {theirs.Min():F0} | {Median(theirs):F0} | {Median(theirs) / Median(ours):F1} | {apart:E1} |");
        curves.AppendLine(CultureInfo.InvariantCulture, $"Losses with {side}² crops, Grainy and PyTorch: {string.Join("; ", losses.Select(Pair))}.").AppendLine();

        static string Pair((double Ours, double Theirs) pair) => string.Create(CultureInfo.InvariantCulture, $"{pair.Ours:F5} {pair.Theirs:F5}");
    }

    // Waves with noise, other ones each round.
    private static float[] Noisy(int side, int round)
    {
        var random = new SeedSequence(7).ManagedFor("crops", round);
        var pixels = new float[Crops * 3 * side * side];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (y, x) = Math.DivRem(i % (side * side), side);
            var plane = (double)(i / (side * side));
            var noise = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()) * Variance) * Math.Cos(2 * Math.PI * random.NextDouble());
            pixels[i] = (float)(0.5 + (0.3 * Math.Sin((0.05 + (0.02 * plane)) * (x + round))) * Math.Cos((0.11 * y) + plane) + noise);
        }

        return pixels;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

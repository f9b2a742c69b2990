using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grainy.Core.Denoising;
using Grainy.Core.Tensors;
using Grainy.Core.Tests.Denoising;
using Grainy.Core.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Grainy.Benchmarks;

/// <summary>
/// One training step of the compact RGB network: the program's against a plain loop (NCHW, pad, convolve, crop, concatenate, library Adam). Both take turns, so that other load
/// on the machine meets both alike.
/// </summary>
internal static class BlindSpotStepBenchmark
{
    private const int Rounds = 9;

    public static void Run(string[] args)
    {
        TorchRuntime.Initialize(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 0);
        var text = new StringBuilder();
        text.AppendLine("# One training step of the compact blind-spot network, RGB, full covariance, float32").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Describe()}, {TorchRuntime.Threads} thread(s) for tensors. {Rounds} rounds, variants in turn; wall and processor milliseconds.").AppendLine();
        text.AppendLine("| crops | variant | wall, best | wall, median | processor, best | processor, median |").AppendLine("|---|---|--:|--:|--:|--:|");
        foreach (var side in new[] { 96, 64 })
        {
            Compare(side, text);
        }

        Machine.Publish("blindspot-step", text.ToString());
    }

    private static void Compare(int side, StringBuilder text)
    {
        using var crops = rand(4, 3, side, side);
        using var variance = full([4 * side * side], 0.0096f);
        using var fast = Make();
        using var adam = new FlatAdam(fast.Parameters);
        var plain = fast.Layout.Layers.ToDictionary(
            layer => layer.Name, layer => (Weight: new Parameter(fast.Parameters[layer.Name].Weight.detach().clone()), Bias: new Parameter(zeros(layer.Out))));
        using var library = optim.Adam([.. plain.Values.SelectMany(layer => new[] { layer.Weight, layer.Bias })], lr: 1e-3);
        var steps = 0L;
        (string Name, Action Step)[] variants =
        [
            ("plain NCHW loop", () =>
            {
                library.zero_grad();
                Likelihood(LiteralBlindSpotNetwork.Predict(fast.Layout, name => plain[name], crops), crops, variance).backward();
                library.step();
            }),
            ("Grainy", () =>
            {
                Likelihood(fast.Predict(crops), crops, variance).backward();
                adam.Step(++steps, 1e-3, 0.99);
            }),
            ("Grainy, prediction alone", () =>
            {
                using var _ = no_grad();
                fast.Predict(crops);
            }),
            ("Grainy, prediction and its gradients", () => fast.Predict(crops).sum().backward()),
        ];
        var times = variants.Select(_ => (Wall: new List<double>(), Processor: new List<double>())).ToArray();
        for (var round = -2; round < Rounds; round++)
        {
            for (var index = 0; index < variants.Length; index++)
            {
                var (wall, processor) = Time(variants[index].Step);
                if (round >= 0)
                {
                    times[index].Wall.Add(wall);
                    times[index].Processor.Add(processor);
                }
            }
        }

        for (var index = 0; index < variants.Length; index++)
        {
            var (wall, processor) = times[index];
            text.AppendLine(CultureInfo.InvariantCulture, $"| 4 × {side}² | {variants[index].Name} | {wall.Min():F0} | {Median(wall):F0} | {processor.Min():F0} | {Median(processor):F0} |");
        }
    }

    private static Tensor Likelihood(Tensor prediction, Tensor crops, Tensor variance) =>
        GaussianLikelihood.Loss(PixelColumns.Of(prediction, float32), PixelColumns.Of(crops, float32), variance);

    private static BlindSpotNetwork Make()
    {
        var network = new BlindSpotNetwork(BlindSpotLayout.Of(NetworkPresets.Compact, 3));
        network.Parameters.Initialise(new SeedSequence(1));
        return network;
    }

    private static (double Wall, double Processor) Time(Action step)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        using (NewDisposeScope())
        {
            step();
        }

        var wall = watch.Elapsed.TotalMilliseconds;
        process.Refresh();
        return (wall, (process.TotalProcessorTime - before).TotalMilliseconds);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

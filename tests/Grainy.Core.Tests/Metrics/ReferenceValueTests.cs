using System.Text.Json;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Metrics;

/// <summary>
/// Every value of <c>reference_values.json</c> whose weights are at hand: computed in float64 by another program, and printed by the projects it names.
/// </summary>
[LeavesNoTensors]
public sealed class ReferenceValueTests
{
    private const double Relative = 1e-5;

    private static readonly (string Begins, string Metric)[] Families =
    [
        ("alex v0.1 ", "lpips-alex"), ("squeeze v0.1 ", "lpips-squeeze"), ("elpips lpips_squeeze ", "elpips-lpips-squeeze"),
    ];

    [Fact]
    public void Values_and_layers_should_be_those_of_the_file()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(SharedData.Require("data/metrics/reference_values.json")));
        var cases = file.RootElement.GetProperty("lpips").EnumerateArray().Where(entry => !Name(entry).Contains(" v0.0 ", StringComparison.Ordinal)).ToArray();

        cases.Length.ShouldBe(8);
        foreach (var entry in cases)
        {
            var (left, right) = Images(Name(entry));
            var values = Numbers(entry.GetProperty("value"));
            var layers = entry.GetProperty("per_layer").EnumerateArray().Select(Numbers).ToArray();
            using var metric = new MetricCatalog(ReferenceImages.Weights).Create(Families.Single(family => Name(entry).StartsWith(family.Begins)).Metric);
            for (var pair = 0; pair < values.Length; pair++)
            {
                var result = metric.Measure(left[pair], right[pair], new MetricOptions(), CancellationToken.None).Last();
                result.Value.ShouldBe(values[pair], Relative * values[pair], Name(entry));
                for (var layer = 0; layer < layers.Length; layer++)
                {
                    result.PerLayer[layer].ShouldBe(layers[layer][pair], 2 * Relative * layers[layer][pair], $"{Name(entry)}, layer {layer}");
                }
            }
        }
    }

    private static string Name(JsonElement entry) => entry.GetProperty("case").GetString()!;

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    private static (ImageBuffer[] Left, ImageBuffer[] Right) Images(string name)
    {
        if (name.Contains("torch.rand seed 42"))
        {
            return Random(42, 2);
        }

        if (name.Contains("torch.rand seed 123"))
        {
            return Random(123, 10);
        }

        var (folder, names) = name.StartsWith("elpips") ? ("elpips", name.Split(' ')[2]) : ("lpips", name.Split(' ')[2]);
        var files = names.Split('/');
        return ([ReferenceImages.Load($"{folder}/{files[0]}.png")], [ReferenceImages.Load($"{folder}/{files[1]}.png")]);
    }

    // The stream of PyTorch's own generator; drawn in [0, 1], which is what ·2 − 1 was made of.
    private static (ImageBuffer[] Left, ImageBuffer[] Right) Random(ulong seed, int count)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var (first, second) = (rand([count, 3, 100, 100], generator: generator), rand([count, 3, 100, 100], generator: generator));
        return (Split(first), Split(second));

        ImageBuffer[] Split(Tensor images) => [.. Enumerable.Range(0, count).Select(i => images.narrow(0, i, 1).ToImage())];
    }
}

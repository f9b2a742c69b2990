using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grainy.Core.Blending;
using Grainy.Core.Tensors;

namespace Grainy.Benchmarks.Blending;

/// <summary>
/// The most memory that this process has resident while one frame is optimised at 1024², and with a working size of 512. Arguments: working sizes (1024 or 512), one per run:
/// a process remembers its largest size.
/// </summary>
internal static class BlendMemoryBenchmark
{
    public static void Run(string[] args)
    {
        var working = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1024;
        TorchRuntime.Initialize(0);
        var (a, b) = (BlendPictures.Square("metrics/elpips/cat.png", 1024), BlendPictures.Square("metrics/elpips/dog.png", 1024));
        var watch = Stopwatch.StartNew();
        var options = new BlendOptions { Size = 1024, WorkingSize = working, StepsPerFrame = 20 };
        var last = BlendPictures.Mixture([a, b], [0.5, 0.5], options);
        using var process = Process.GetCurrentProcess();
        var text = new StringBuilder("# Memory of a perceptual blend at 1024²\n\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Describe()}, commit {Machine.Commit()}. elpips-squeeze, working size {last.WorkingSize}, {last.StepsDone} steps in {watch.Elapsed.TotalSeconds:F0} s: {process.PeakWorkingSet64 / 1048576.0:F0} MiB resident at most.");
        Machine.Publish($"blend-memory-{working}", text.ToString());
    }
}

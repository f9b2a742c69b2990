using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Grainy.Core.Images;

namespace Grainy.Benchmarks;

/// <summary>A plain PyTorch program of <c>tests/peers</c>, kept running so that it takes turns with ours.</summary>
internal sealed class TorchPeer : IDisposable
{
    // Milliseconds.
    private const int Rest = 40;

    private readonly ManualResetEventSlim _pause = new();
    private readonly Process _process;
    private readonly string _folder = Directory.CreateTempSubdirectory("grainy-peer").FullName;

    /// <param name="program">Its file name.</param>
    /// <param name="threads">The last of its arguments.</param>
    /// <param name="arguments">Those before.</param>
    public TorchPeer(string program, int threads, params string[] arguments)
    {
        var script = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "peers", program));
        _process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, .. arguments, threads.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture) },
        })!;
        using var hello = Answer();
        Version = hello.RootElement.GetProperty("torch").GetString()!;
    }

    /// <summary>Of PyTorch.</summary>
    public string Version { get; }

    /// <summary>A file that the peer reads an image from.</summary>
    public string Write(string name, ImageBuffer image) => Write($"{name}.{image.Channels}x{image.Height}x{image.Width}", image.Planes);

    /// <summary>A file that the peer reads float32 numbers from.</summary>
    public string Write(string name, float[] numbers)
    {
        var path = Path.Combine(_folder, $"{name}.f32");
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(numbers.AsSpan()));
        return path;
    }

    /// <summary>Value and milliseconds of a command, with a rest before and after: the threads of either program look for more work for some milliseconds after theirs is
    /// done, on the cores that the other would use.</summary>
    public (double Value, double Milliseconds) Run(string command)
    {
        _pause.Wait(Rest);
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        using var answer = Answer();
        _pause.Wait(Rest);
        return (answer.RootElement.GetProperty("value").GetDouble(), 1000 * answer.RootElement.GetProperty("seconds").GetDouble());
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _pause.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private JsonDocument Answer() =>
        JsonDocument.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The PyTorch program ended; see its message above."));
}

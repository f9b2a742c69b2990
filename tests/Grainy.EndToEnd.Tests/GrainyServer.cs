using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Grainy.EndToEnd.Tests;

/// <summary>A real server process on a free port with a data folder of its own.</summary>
internal sealed class GrainyServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private readonly Process _process;
    private readonly List<string> _lines = [];

    private GrainyServer(Process process, Uri address, string dataFolder)
    {
        (_process, Address, DataFolder) = (process, address, dataFolder);
    }

    /// <summary>Root of the site.</summary>
    public Uri Address { get; }

    /// <summary>Survives the process; a second server may be started on it.</summary>
    public string DataFolder { get; }

    /// <summary>The one-time link of the ready line.</summary>
    public Uri StartLink { get; private set; } = null!;

    /// <summary>All that the process has printed.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>Starts a server and waits for its ready line.</summary>
    public static async Task<GrainyServer> StartAsync(string dataFolder, int? port = null)
    {
        var address = new Uri($"http://127.0.0.1:{port ?? FreePort()}");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])
            [Repository.Built("src/Grainy.Host", "Grainy.Host.dll"), "--urls", address.ToString().TrimEnd('/'), "--Grainy:Data", dataFolder, "--Grainy:Weights", Repository.SharedWeights])
        {
            start.ArgumentList.Add(argument);
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var server = new GrainyServer(process, address, dataFolder);
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => server.Take(line.Data, ready);
        process.ErrorDataReceived += (_, line) => server.Take(line.Data, ready);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The server ended before it was ready:\n{server.Output}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        server.StartLink = await ready.Task.WaitAsync(StartLimit);
        return server;
    }

    /// <summary>The process dies as in a power cut: no handler of its own runs.</summary>
    public async Task KillAsync()
    {
        _process.Kill(); // SIGKILL on Unix
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks the process to end (SIGTERM) and returns how long it took.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        var watch = Stopwatch.StartNew();
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return watch.Elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Take(string? line, TaskCompletionSource<Uri> ready)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
        }

        const string Mark = "Grainy is ready: ";
        if (line.StartsWith(Mark, StringComparison.Ordinal))
        {
            ready.TrySetResult(new Uri(line[Mark.Length..].Trim()));
        }
    }
}

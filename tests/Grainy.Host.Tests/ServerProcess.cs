using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Grainy.TestKit;

namespace Grainy.Host.Tests;

/// <summary>A real server in a process of its own, on a free port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private static readonly Dictionary<string, string> Nothing = [];

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process, Uri address)
    {
        (_process, Address) = (process, address);
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"The server ended before it was ready: {Output}"));
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>The link of the ready line.</summary>
    public string StartLink => _ready.Task.Result;

    public int Id => _process.Id;

    public long MemoryMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 >> 20;
        }
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>The built server program: a folder beside the tests' own, with the same configuration.</summary>
    public static string Program { get; } = RepositoryRoot.Combine(
        "src", "Grainy.Host", "bin", AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release", "net10.0", "Grainy.Host.dll");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a server and waits for its ready line.</summary>
    public static async Task<ServerProcess> StartAsync(string data, params string[] more)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var server = new ServerProcess(Launch(["dotnet", Program, "--urls", address.ToString().TrimEnd('/'), "--Grainy:Data", data, .. more], Nothing), address);
        await server._ready.Task.WaitAsync(StartLimit);
        return server;
    }

    /// <summary>Starts any command as the server's process and waits for its ready line.</summary>
    public static async Task<ServerProcess> StartAsync(string[] command, IReadOnlyDictionary<string, string> environment, Uri address)
    {
        var server = new ServerProcess(Launch(command, environment), address);
        await server._ready.Task.WaitAsync(StartLimit);
        return server;
    }

    /// <summary>Runs a server that is expected not to start.</summary>
    public static async Task<(int ExitCode, string[] Lines)> RunToEndAsync(params string[] arguments)
    {
        using var process = Launch(["dotnet", Program, .. arguments], Nothing);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(StartLimit);
        return (process.ExitCode, (await output + await error).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Asks the server to stop, as a supervisor does; returns how long it took.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return TimeProvider.System.GetElapsedTime(began);
    }

    /// <summary>Ends the process without a word to it, as a power cut does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static Process Launch(string[] command, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.StartsWith("Grainy__", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        const string ready = "Grainy is ready: ";
        if (line.StartsWith(ready, StringComparison.Ordinal))
        {
            _ready.TrySetResult(line[ready.Length..].Trim());
        }
    }
}

using System.Diagnostics;
using System.Text.Json;

namespace Grainy.Host.Decoding;

/// <summary>One running decoder process.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;
    private readonly long _mostMemory;
    private readonly TimeProvider _clock;

    private WorkerProcess(Process process, long mostMemory, TimeProvider clock) => (_process, Id, _mostMemory, _clock) = (process, process.Id, mostMemory, clock);

    public bool IsAlive => !_process.HasExited;

    public int Id { get; }

    /// <param name="command">Program and arguments.</param>
    /// <param name="mostMemory">Bytes of memory above which the process is ended.</param>
    public static WorkerProcess Start(IReadOnlyList<string> command, long mostMemory, TimeProvider clock)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The decoder process could not be started.");
        process.ErrorDataReceived += (_, _) => { }; // read, so that it cannot block; what matters comes as an answer
        process.BeginErrorReadLine();
        return new WorkerProcess(process, mostMemory, clock);
    }

    /// <summary>One answer; null when the process died, took too much memory, or did not answer in time. It is ended then.</summary>
    public async Task<DecodeReply?> AskAsync(DecodeRequest request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(timeout);
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request).AsMemory(), stop.Token);
            await _process.StandardInput.FlushAsync(stop.Token);
            var answer = _process.StandardOutput.ReadLineAsync(stop.Token).AsTask();
            using var watch = new PeriodicTimer(WatchInterval, _clock);
            while (!answer.IsCompleted)
            {
                if (UsesTooMuch())
                {
                    Kill();
                }

                await Task.WhenAny(answer, watch.WaitForNextTickAsync(CancellationToken.None).AsTask());
            }

            if (await answer is { } line)
            {
                return JsonSerializer.Deserialize<DecodeReply>(line);
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or JsonException or InvalidOperationException)
        {
            // Died, hung, or stopped making sense: all the same for the file.
        }

        Kill();
        cancellationToken.ThrowIfCancellationRequested();
        return null;
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(TimeSpan.FromSeconds(2));
        }
        catch (InvalidOperationException)
        {
            // Has exited already.
        }
    }

    private bool UsesTooMuch()
    {
        _process.Refresh();
        return !_process.HasExited && _process.WorkingSet64 > _mostMemory;
    }
}

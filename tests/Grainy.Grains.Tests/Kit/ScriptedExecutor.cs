using System.Threading.Channels;
using Grainy.Contracts.Jobs;
using Grainy.Grains.Jobs.Executors;

namespace Grainy.Grains.Tests.Kit;

/// <summary>Takes any job and does what the test says.</summary>
internal sealed class ScriptedExecutor : IJobExecutor
{
    private readonly Channel<ScriptedRun> _runs = Channel.CreateUnbounded<ScriptedRun>();

    public bool Handles(JobSpec spec) => true;

    public Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var scripted = new ScriptedRun(run);
        _runs.Writer.TryWrite(scripted);
        return scripted.Result.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The next run that begins.</summary>
    public async Task<ScriptedRun> NextAsync() => await _runs.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Limit);

    /// <summary>True when no run waits to be looked at.</summary>
    public bool Idle => _runs.Reader.Count == 0;
}

internal sealed record ScriptedRun(JobRun Run)
{
    public TaskCompletionSource<JobResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JobAssignment Assignment => Run.Assignment;
}

internal static class Patience
{
    /// <summary>Far above what anything takes, so that a busy machine fails no test.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(90);
}

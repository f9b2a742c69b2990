using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Training;

/// <summary>One training: how far it is, and what came out.</summary>
public sealed class RunState(UserGrains grains, JobId id)
{
    public JobId Id => id;

    /// <summary>Null while loading.</summary>
    public JobSnapshot? Job { get; private set; }

    /// <summary>What was asked for.</summary>
    public TrainSpec? Spec { get; private set; }

    /// <summary>The pair that is shown; null until the training is done.</summary>
    public ShownResult? Shown { get; private set; }

    /// <summary>What came out; empty until the training is done.</summary>
    public IReadOnlyList<DenoisedImage> Results => Job?.Result is TrainResult result ? result.Images : [];

    /// <summary>What was found about the exposures: displaced, or of other brightness.</summary>
    public IReadOnlyList<string> Warnings => (Job?.Result as TrainResult)?.Warnings ?? [];

    /// <summary>Index of the shown pair.</summary>
    public int Index { get; private set; }

    /// <summary>State, step and time left in one line.</summary>
    public string Headline
    {
        get
        {
            if (Job is not { } job)
            {
                return "";
            }

            var parts = new List<string>();
            if (job.State == JobState.Queued)
            {
                parts.Add(job.QueuePosition > 0 ? $"{Words.Count(job.QueuePosition, "job")} before it" : "next in the queue");
            }
            else if (job.Progress is { } progress)
            {
                if (job.State.IsActive() && progress.Activity.Length > 0)
                {
                    parts.Add(progress.Activity);
                }

                parts.Add(progress.Steps > 0 && job.State.IsActive() ? $"step {progress.Step:N0} of about {progress.Steps:N0}" : $"{progress.Step:N0} steps");
                if (job.State is JobState.Running && progress.EtaSeconds is { } eta)
                {
                    parts.Add($"{Words.Duration(eta)} left");
                }
                else
                {
                    parts.Add($"{Words.Duration(progress.ElapsedSeconds)} of compute");
                }
            }

            if (job.Device is { } device && job.State != JobState.Queued)
            {
                parts.Add($"on {device}");
            }

            if (Spec is { } spec)
            {
                parts.Add($"seed {spec.Seed}");
            }

            if (job.Attempt > 1)
            {
                parts.Add($"taken up again {Words.Count(job.Attempt - 1, "time")}");
            }

            return string.Join(" · ", parts);
        }
    }

    /// <summary>Takes in a change; reads the first pair once there is one.</summary>
    public async Task TakeAsync(JobSnapshot job)
    {
        Spec ??= await grains.AskAsync(g => g.Job(id).GetSpecAsync()) as TrainSpec
            ?? throw new RefusedException(Refusal.NotFound, "This job is not a training; its result is on its own page.");
        Job = job; // last: the page shows nothing before both are known
        if (Results.Count > 0 && (Shown is null || Shown.Pair.Denoised != Results[Math.Min(Index, Results.Count - 1)].Denoised))
        {
            await ShowAsync(Math.Min(Index, Results.Count - 1)); // the first result, or a newer one after an extension
        }
    }

    /// <summary>Reads and shows one of the pairs.</summary>
    public async Task ShowAsync(int index) => (Index, Shown) = (index, await ShownResult.ReadAsync(grains, Results[index]));

    /// <summary>Asks for one of the things that can be done with the training.</summary>
    public Task DoAsync(RunAction action) => grains.DoAsync(g => action switch
    {
        RunAction.Pause => g.Job(id).PauseAsync(),
        RunAction.Resume => g.Job(id).ResumeAsync(),
        RunAction.Finish => g.Job(id).FinishAsync(),
        _ => g.Job(id).CancelAsync(),
    });

    /// <summary>Lets it learn further for so many seconds.</summary>
    public Task ExtendAsync(double seconds) => grains.DoAsync(g => g.Job(id).ExtendAsync(seconds));

    /// <summary>Makes a comparison of the shown pair and starts measuring it.</summary>
    public Task<ComparisonId> CompareAsync() => Shown!.CompareAsync(grains, Job!.Workspace);
}

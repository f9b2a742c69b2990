using Grainy.Contracts.Jobs;
using Grainy.Contracts.Live;
using Grainy.Contracts.Sessions;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Access;
using Grainy.Grains.Jobs;
using Microsoft.Extensions.Logging;

namespace Grainy.Grains.Live;

/// <summary>What a comparison and a blend have in common: a workspace that owns it, people and guests who watch it, and a job that works for it.</summary>
internal abstract class SubjectGrain : Grain
{
    protected SubjectGrain(WorkspaceAccess access, TimeProvider clock, ILogger logger)
    {
        (Access, Clock) = (access, clock);
        Live = new LiveTopic(this, Build, TimeSpan.FromMilliseconds(200), clock, logger);
    }

    protected WorkspaceAccess Access { get; }

    protected TimeProvider Clock { get; }

    protected LiveTopic Live { get; }

    /// <summary>Null before it was made.</summary>
    protected abstract WorkspaceId? Workspace { get; }

    /// <summary>What a room about it is about.</summary>
    protected abstract SessionSubject Subject { get; }

    /// <summary>The job that works for it now or did so last, as far as known.</summary>
    protected abstract (JobId? Job, JobState? State) Work { get; }

    /// <summary>For people, for example <c>comparison</c>.</summary>
    private string Noun => Subject.Kind.ToString().ToLowerInvariant();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        JobCatchUp.Schedule(this, () => Work, JobChangedAsync);
        return Task.CompletedTask;
    }

    public abstract Task JobChangedAsync(JobId job, JobState jobState, JobProgress? progress, string? problem);

    public async Task<LiveSnapshot> WatchAsync(ILiveObserver observer)
    {
        await RequireAsync(WorkspaceRole.Viewer);
        return Live.Watch(observer);
    }

    public async Task UnwatchAsync(ILiveObserver observer)
    {
        await RequireAsync(WorkspaceRole.Viewer);
        Live.Unwatch(observer);
    }

    protected abstract LiveSnapshot Build();

    protected Task RequireAsync(WorkspaceRole least) => Workspace is { } workspace
        ? Access.RequireAsync(workspace, least, Subject)
        : throw new RefusedException(Refusal.NotFound, $"This {Noun} does not exist (any more); make a new one.");

    protected async Task RequireNewAsync(WorkspaceId workspace)
    {
        await Access.RequireAsync(workspace, WorkspaceRole.Editor);
        if (Workspace is not null)
        {
            throw new RefusedException(Refusal.Conflict, $"This {Noun} exists already; make another one.");
        }
    }

    protected Task RegisterAsync(EntryKind kind, string title, string note, DateTimeOffset createdAt)
    {
        var entry = new WorkspaceEntry(kind, Subject.Id, title, note, createdAt);
        return Caller.AsAsync(Caller.System, () => GrainFactory.Workspace(Workspace!.Value).RegisterAsync(entry));
    }

    /// <summary>Gives a job to the scheduler; a refusal is kept where people look for it, and passed on.</summary>
    protected async Task SubmitAsync(JobId job, string title, JobSpec spec, Func<string, Task> refused)
    {
        try
        {
            await GrainFactory.Job(job).SubmitAsync(new JobSubmission(Workspace!.Value, Names.Shortened(title, 200), spec));
        }
        catch (RefusedException problem)
        {
            await refused(problem.Message);
            throw;
        }
    }
}

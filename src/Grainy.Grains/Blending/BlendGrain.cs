using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Live;
using Grainy.Contracts.Sessions;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Access;
using Grainy.Grains.Datasets;
using Grainy.Grains.Jobs;
using Grainy.Grains.Live;
using Microsoft.Extensions.Logging;

namespace Grainy.Grains.Blending;

/// <summary>A chain of frames between two images; computing them is a job.</summary>
[GrainType("blend")]
internal sealed class BlendGrain : Grain, IBlendGrain, IJobOwner
{
    private readonly IPersistentState<BlendRecord> _state;
    private readonly WorkspaceAccess _access;
    private readonly TimeProvider _clock;
    private readonly LiveTopic _live;
    private JobProgress? _progress;

    public BlendGrain([PersistentState("blend")] IPersistentState<BlendRecord> state, WorkspaceAccess access, TimeProvider clock, ILogger<BlendGrain> logger)
    {
        (_state, _access, _clock) = (state, access, clock);
        _live = new LiveTopic(this, Build, TimeSpan.FromMilliseconds(200), clock, logger);
    }

    private BlendId Id => new(this.GetPrimaryKeyString());

    private BlendRecord Blend => _state.State;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        JobCatchUp.Schedule(this, () => (Blend.Job, Blend.JobState), JobChangedAsync);
        return Task.CompletedTask;
    }

    public async Task CreateAsync(WorkspaceId workspace, ImageRef left, ImageRef right, BlendSettings settings)
    {
        await _access.RequireAsync(workspace, WorkspaceRole.Editor);
        if (Blend.Workspace is not null)
        {
            throw new RefusedException(Refusal.Conflict, "This blend exists already; make another one.");
        }

        JobRules.Check(settings);
        var images = await GrainFactory.RequireImagesAsync(workspace, [left, right]);
        ImageLookup.RequireSameSize(images[0], images[1], "blend them");
        await SaveAsync(new BlendRecord
        {
            Workspace = workspace,
            Left = left,
            Right = right,
            LeftInfo = images[0],
            RightInfo = images[1],
            Settings = settings,
            CreatedAt = _clock.GetUtcNow(),
        });
        await RegisterAsync();
        await ComputeAsync();
    }

    public async Task<JobId> ComputeAsync()
    {
        await RequireAsync(WorkspaceRole.Editor);
        if (Blend is { Job: { } running, JobState: JobState.Queued or JobState.Running })
        {
            return running;
        }

        var job = JobId.New();
        _progress = null;
        await SaveAsync(Blend with { Job = job, JobState = JobState.Queued, Problem = null });
        var spec = new BlendSpec(Id, Blend.Left!, Blend.Right!, Blend.Settings);
        try
        {
            await GrainFactory.Job(job).SubmitAsync(new JobSubmission(Blend.Workspace!.Value, Names.Shortened($"Blend of {Title}", 200), spec));
            return job;
        }
        catch (RefusedException refused)
        {
            await SaveAsync(Blend with { JobState = JobState.Failed, Problem = refused.Message });
            throw;
        }
    }

    public async Task StopAsync()
    {
        await RequireAsync(WorkspaceRole.Editor);
        if (Blend.Job is { } job)
        {
            await GrainFactory.Job(job).CancelAsync();
        }
    }

    public async Task<BlendSnapshot> GetAsync()
    {
        await RequireAsync(WorkspaceRole.Viewer);
        return (BlendSnapshot)_live.Snapshot();
    }

    public async Task AddFrameAsync(JobId job, BlendFrame frame)
    {
        WorkspaceAccess.RequireSystem();
        var settled = Array.Exists(Blend.Frames, other => other.Index == frame.Index && other.Final);
        if (Blend.Job == job && (frame.Final || !settled))
        {
            await SaveAsync(Blend with { Frames = [.. Blend.Frames.Where(other => other.Index != frame.Index).Append(frame).OrderBy(other => other.Index)] });
            await RegisterAsync();
        }
    }

    public Task JobChangedAsync(JobId job, JobState jobState, JobProgress? progress, string? problem)
    {
        if (Blend.Job == job)
        {
            _state.State = Blend with { JobState = jobState, Problem = problem };
            _progress = progress;
            _live.Changed();
        }

        return Task.CompletedTask;
    }

    public async Task<LiveSnapshot> WatchAsync(ILiveObserver observer)
    {
        await RequireAsync(WorkspaceRole.Viewer);
        return _live.Watch(observer);
    }

    public async Task UnwatchAsync(ILiveObserver observer)
    {
        await RequireAsync(WorkspaceRole.Viewer);
        _live.Unwatch(observer);
    }

    private string Title => $"{Blend.LeftInfo!.Name} and {Blend.RightInfo!.Name}";

    private Task RequireAsync(WorkspaceRole least) => Blend.Workspace is { } workspace
        ? _access.RequireAsync(workspace, least, new SessionSubject(SubjectKind.Blend, Id.Value))
        : throw new RefusedException(Refusal.NotFound, "This blend does not exist (any more); make a new one.");

    private Task RegisterAsync()
    {
        var note = $"{Blend.Frames.Count(frame => frame.Final)} of {Blend.Settings.Frames} frames";
        var entry = new WorkspaceEntry(EntryKind.Blend, Id.Value, Title, note, Blend.CreatedAt);
        return Caller.AsAsync(Caller.System, () => GrainFactory.Workspace(Blend.Workspace!.Value).RegisterAsync(entry));
    }

    private BlendSnapshot Build() => new()
    {
        Id = Id,
        Workspace = Blend.Workspace!.Value,
        Left = Blend.Left!,
        Right = Blend.Right!,
        LeftInfo = Blend.LeftInfo!,
        RightInfo = Blend.RightInfo!,
        Settings = Blend.Settings,
        Frames = Blend.Frames,
        Job = Blend.Job,
        JobState = Blend.JobState,
        Progress = _progress,
        Problem = Blend.Problem,
    };

    private Task SaveAsync(BlendRecord blend)
    {
        _state.State = blend;
        _live.Changed();
        return _state.WriteStateAsync();
    }
}

using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
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
internal sealed class BlendGrain(
    [PersistentState("blend")] IPersistentState<BlendRecord> state, WorkspaceAccess access, TimeProvider clock, ILogger<BlendGrain> logger)
    : SubjectGrain(access, clock, logger), IBlendGrain, IJobOwner
{
    private JobProgress? _progress;

    protected override WorkspaceId? Workspace => Blend.Workspace;

    protected override SessionSubject Subject => new(SubjectKind.Blend, Id.Value);

    protected override (JobId? Job, JobState? State) Work => (Blend.Job, Blend.JobState);

    private BlendId Id => new(this.GetPrimaryKeyString());

    private BlendRecord Blend => state.State;

    private string Title => $"{Blend.LeftInfo!.Name} and {Blend.RightInfo!.Name}";

    public async Task CreateAsync(WorkspaceId workspace, ImageRef left, ImageRef right, BlendSettings settings)
    {
        await RequireNewAsync(workspace);
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
            CreatedAt = Clock.GetUtcNow(),
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
        await SubmitAsync(
            job, $"Blend of {Title}", new BlendSpec(Id, Blend.Left!, Blend.Right!, Blend.Settings),
            problem => SaveAsync(Blend with { JobState = JobState.Failed, Problem = problem }));
        return job;
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
        return (BlendSnapshot)Live.Snapshot();
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

    public override Task JobChangedAsync(JobId job, JobState jobState, JobProgress? progress, string? problem)
    {
        if (Blend.Job == job)
        {
            state.State = Blend with { JobState = jobState, Problem = problem };
            _progress = progress;
            Live.Changed();
        }

        return Task.CompletedTask;
    }

    protected override BlendSnapshot Build() => new()
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

    private Task RegisterAsync() =>
        RegisterAsync(EntryKind.Blend, Title, $"{Blend.Frames.Count(frame => frame.Final)} of {Blend.Settings.Frames} frames", Blend.CreatedAt);

    private Task SaveAsync(BlendRecord blend)
    {
        state.State = blend;
        Live.Changed();
        return state.WriteStateAsync();
    }
}

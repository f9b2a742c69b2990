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

/// <summary>Frames between images; computing them is a job. What that job tells and asks is in BlendGrain.Frames.cs.</summary>
[GrainType("blend")]
internal sealed partial class BlendGrain(
    [PersistentState("blend")] IPersistentState<BlendRecord> state, [PersistentState("blend-stages")] IPersistentState<BlendStagesRecord> stages,
    WorkspaceAccess access, BlendInputs inputs, TimeProvider clock, ILogger<BlendGrain> logger)
    : SubjectGrain(access, clock, logger), IBlendGrain, IJobOwner
{
    private JobProgress? _progress;

    protected override WorkspaceId? Workspace => Blend.Workspace;

    protected override SessionSubject Subject => new(SubjectKind.Blend, Id.Value);

    protected override (JobId? Job, JobState? State) Work => (Blend.Job, Blend.JobState);

    private BlendId Id => new(this.GetPrimaryKeyString());

    private BlendRecord Blend => state.State;

    private bool Computing => Blend is { Job: not null, JobState: JobState.Queued or JobState.Running };

    private string Title => Blend.Infos.Length == 2
        ? $"{Blend.Infos[0].Name} and {Blend.Infos[1].Name}"
        : $"{string.Join(", ", Blend.Infos[..^1].Select(info => info.Name))} and {Blend.Infos[^1].Name}";

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        state.State = Blend.Upgraded(inputs.MetricOf(Blend.Settings));
        return base.OnActivateAsync(cancellationToken);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => SaveUnsavedAsync();

    public Task CreateAsync(WorkspaceId workspace, ImageRef left, ImageRef right, BlendSettings settings) =>
        CreatePlannedAsync(workspace, new BlendPlan([left, right], settings, ImageFitting.None));

    public async Task CreatePlannedAsync(WorkspaceId workspace, BlendPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        await RequireNewAsync(workspace);
        BlendRules.Check(plan);
        var metric = inputs.RequireMetric(plan.Settings);
        var infos = await GrainFactory.RequireImagesAsync(workspace, plan.Images);
        var (fitted, words) = await inputs.FitAsync(infos, plan.Fitting);
        await SaveAsync(new BlendRecord
        {
            Workspace = workspace,
            Left = plan.Images[0],
            Right = plan.Images[1],
            LeftInfo = fitted[0],
            RightInfo = fitted[1],
            Images = plan.Images,
            Infos = fitted,
            Settings = plan.Settings,
            Targets = BlendRules.Begin(plan.Images.Length, plan.Settings),
            Metric = metric,
            FittingNote = words.Length == 0 ? null : string.Join(' ', words),
            CreatedAt = Clock.GetUtcNow(),
        });
        await RegisterAsync();
        await ComputeAsync();
    }

    public async Task<JobId> ComputeAsync()
    {
        await RequireAsync(WorkspaceRole.Editor);
        if (Computing)
        {
            return Blend.Job!.Value;
        }

        var job = JobId.New();
        _progress = null;
        await SaveAsync(Blend with { Job = job, JobState = JobState.Queued, Problem = null });
        await SubmitAsync(
            job, $"Blend of {Title}", new BlendSpec(Id, Blend.Images[0], Blend.Images[1], Blend.Settings, Blend.Images),
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

    public async Task<JobId> ExtendAsync(int? frame, int steps)
    {
        await RequireAsync(WorkspaceRole.Editor);
        await ChangeTargetsAsync(BlendRules.Extended(Blend, frame, steps), spacing: null); // better pictures lie elsewhere
        return await ComputeAsync();
    }

    public async Task<int> WishAsync(double[] weights)
    {
        await RequireAsync(WorkspaceRole.Editor);
        var place = BlendRules.Place(Blend, weights);
        _near = place;
        var (target, changed) = BlendRules.Wished(Blend, place);
        if (changed is not null)
        {
            await ChangeTargetsAsync(changed, Blend.Spacing);
        }

        if (!Blend.Complete)
        {
            await ComputeAsync();
        }

        return target;
    }

    public async Task<BlendSnapshot> GetAsync()
    {
        await RequireAsync(WorkspaceRole.Viewer);
        return (BlendSnapshot)Live.Snapshot();
    }

    public async Task<BlendStage[]> GetStagesAsync(int frame)
    {
        await RequireAsync(WorkspaceRole.Viewer);
        return stages.State.Frames.GetValueOrDefault(frame) ?? [];
    }

    protected override BlendSnapshot Build() => new()
    {
        Id = Id,
        Workspace = Blend.Workspace!.Value,
        Left = Blend.Images[0],
        Right = Blend.Images[1],
        LeftInfo = Blend.Infos[0],
        RightInfo = Blend.Infos[1],
        Settings = Blend.Settings,
        Frames = Blend.Frames,
        Job = Blend.Job,
        JobState = Blend.JobState,
        Progress = _progress,
        Problem = Blend.Problem,
        Images = Blend.Images,
        Infos = Blend.Infos,
        Targets = Blend.Targets,
        Metric = Blend.Metric,
        FittingNote = Blend.FittingNote,
        Spacing = Blend.Spacing,
        SpacingBefore = Blend.SpacingBefore,
    };

    private Task RegisterAsync() =>
        RegisterAsync(EntryKind.Blend, Title, $"{Blend.Frames.Count(frame => frame.Final)} of {Blend.Targets.Length} frames", Blend.CreatedAt);

    private Task SaveAsync(BlendRecord blend)
    {
        state.State = blend;
        _savedAt = Clock.GetTimestamp();
        _unsaved = false;
        Live.Changed();
        return state.WriteStateAsync();
    }
}

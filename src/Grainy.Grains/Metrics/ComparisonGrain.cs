using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Sessions;
using Grainy.Contracts.Workspaces;
using Grainy.Core.Metrics;
using Grainy.Grains.Access;
using Grainy.Grains.Datasets;
using Grainy.Grains.Jobs;
using Grainy.Grains.Live;
using Microsoft.Extensions.Logging;

namespace Grainy.Grains.Metrics;

/// <summary>Images and how far apart they are; the measuring is a job.</summary>
[GrainType("comparison")]
internal sealed partial class ComparisonGrain(
    [PersistentState("comparison")] IPersistentState<ComparisonRecord> state,
    MetricCatalog catalog, ScoreMemory memory, WorkspaceAccess access, TimeProvider clock, ILogger<ComparisonGrain> logger)
    : SubjectGrain(access, clock, logger), IComparisonGrain, IJobOwner
{
    private JobProgress? _progress;

    protected override WorkspaceId? Workspace => Set.Workspace;

    protected override SessionSubject Subject => new(SubjectKind.Comparison, Id.Value);

    protected override (JobId? Job, JobState? State) Work => (Set.Job, Set.JobState);

    private ComparisonId Id => new(this.GetPrimaryKeyString());

    private ComparisonRecord Set => state.State;

    private bool Measuring => Set is { Job: not null, JobState: JobState.Queued or JobState.Running };

    private string Title => Set.Images.Length == 2
        ? $"{Set.Images[0].Info.Name} and {Set.Images[1].Info.Name}"
        : $"{Set.Images[0].Info.Name} and {Set.Images.Length - 1} others";

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        state.State = state.State.Upgraded(catalog.DefaultSet());
        CatchUpMaps();
        return base.OnActivateAsync(cancellationToken);
    }

    public Task CreateAsync(WorkspaceId workspace, ImageRef left, ImageRef right) =>
        CreateSetAsync(workspace, new ComparisonPlan(ComparisonLayout.Reference, [left, right], []));

    public async Task CreateSetAsync(WorkspaceId workspace, ComparisonPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        await RequireNewAsync(workspace);
        ComparisonRules.Check(plan, catalog.Names);
        var infos = await GrainFactory.RequireImagesAsync(workspace, plan.Images);
        foreach (var info in infos.Skip(1))
        {
            ImageLookup.RequireSameSize(infos[0], info, "compare them");
        }

        string[] metrics = plan.Metrics.Length > 0 ? plan.Metrics : [.. catalog.DefaultSet()];
        var cells = ComparisonCells.Of(plan.Layout, infos.Length, metrics);
        var fresh = new ComparisonRecord
        {
            Workspace = workspace,
            Layout = plan.Layout,
            Images = [.. plan.Images.Zip(infos, (image, info) => new ComparisonImage(image, info))],
            Metrics = metrics,
            Cells = cells,
            Revision = cells.Length,
            CreatedAt = Clock.GetUtcNow(),
        };
        await SaveAsync(await memory.FillAsync(fresh));
        await RegisterAsync(EntryKind.Comparison, Title, $"{infos[0].Width} × {infos[0].Height}", Set.CreatedAt);
        if (Array.Exists(Set.Cells, cell => cell.IsMissing))
        {
            await ScoreAsync();
        }
    }

    public async Task<JobId> ScoreAsync()
    {
        await RequireAsync(WorkspaceRole.Editor);
        return Measuring ? Set.Job!.Value : await StartAsync(Set.OpenMissing());
    }

    public async Task<JobId> RefineAsync(string? metric, int? pair)
    {
        await RequireAsync(WorkspaceRole.Editor);
        // Values that are all there can be judged while their job still comes to its end.
        var opened = Set.OpenForRefinement(metric, pair);
        if (opened == Set && !(Measuring && Set.Cells.Any(cell => cell.IsOpen)))
        {
            throw new RefusedException(Refusal.Conflict, "There is nothing to refine: these values are exact, or as precise as they get; choose an estimate with a ±.");
        }

        return Measuring
            ? throw new RefusedException(Refusal.Conflict, "Values are being measured at the moment; wait for them or stop, then refine.")
            : await StartAsync(opened);
    }

    public async Task CancelAsync()
    {
        await RequireAsync(WorkspaceRole.Editor);
        if (Measuring)
        {
            await GrainFactory.Job(Set.Job!.Value).CancelAsync();
        }
    }

    public async Task<ComparisonSnapshot> GetAsync()
    {
        await RequireAsync(WorkspaceRole.Viewer);
        return (ComparisonSnapshot)Live.Snapshot();
    }

    public async Task<ComparisonImage[]> GetImagesAsync(int skip, int take)
    {
        await RequireAsync(WorkspaceRole.Viewer);
        return skip >= 0 && take is >= 1 and <= 30
            ? [.. Set.Images.Skip(skip).Take(take)]
            : throw new RefusedException(Refusal.Invalid, "A page of images has 1 to 30 images and starts at 0 or later.");
    }

    public async Task<ComparisonCell[]> GetCellsAsync(long since, int take)
    {
        await RequireAsync(WorkspaceRole.Viewer);
        return since >= 0 && take is >= 1 and <= 60
            ? [.. Set.Cells.Where(cell => cell.Revision > since).OrderBy(cell => cell.Revision).Take(take)]
            : throw new RefusedException(Refusal.Invalid, "A page of cells has 1 to 60 cells and starts at revision 0 or later.");
    }

    public async Task AddCellsAsync(JobId job, ComparisonCell[] cells)
    {
        WorkspaceAccess.RequireSystem();
        if (Set.Job != job)
        {
            return;
        }

        state.State = Set.Merge(cells);
        Live.Changed();
        if (Array.Exists(cells, cell => !cell.IsOpen || cell.Continuation is not null))
        {
            await state.WriteStateAsync(); // a value on its way is not worth a write
        }
    }

    public Task AddScoresAsync(JobId job, MetricScore[] scores) => AddCellsAsync(job, [.. scores.Select(score => new ComparisonCell
    {
        Pair = 0,
        Metric = score.Metric,
        State = score.Final ? CellState.Done : CellState.Measuring,
        Score = score,
    })]);

    public override Task JobChangedAsync(JobId job, JobState jobState, JobProgress? progress, string? problem)
    {
        if (Set.Job == job)
        {
            var ended = jobState is JobState.Succeeded or JobState.Failed or JobState.Cancelled;
            var changed = Set with { JobState = jobState, Problem = problem };
            state.State = ended ? changed.Settle() : changed;
            _progress = ended ? null : progress;
            Live.Changed();
        }
        else
        {
            MapChanged(job, jobState, progress, problem);
        }

        return Task.CompletedTask;
    }

    protected override ComparisonSnapshot Build() => new()
    {
        Id = Id,
        Workspace = Set.Workspace!.Value,
        Left = Set.Images[0].Ref,
        Right = Set.Images[1].Ref,
        LeftInfo = Set.Images[0].Info,
        RightInfo = Set.Images[1].Info,
        Scores = [.. Set.Cells.Where(cell => cell.Pair == 0 && cell.Score is not null).Select(cell => cell.Score!)],
        Job = Set.Job,
        JobState = Set.JobState,
        Problem = Set.Problem,
        Layout = Set.Layout,
        Images = Set.Images.Length,
        Metrics = Set.Metrics,
        Cells = Set.Cells.Length,
        CellsSettled = Set.Cells.Count(cell => !cell.IsOpen),
        Revision = Set.Revision,
        Progress = _progress,
        Title = Title,
        Maps = MapStates(),
    };

    private async Task<JobId> StartAsync(ComparisonRecord opened)
    {
        var job = JobId.New();
        _progress = null;
        await SaveAsync(opened with { Job = job, JobState = JobState.Queued, Problem = null });
        await SubmitAsync(
            job, $"Scores of {Title}", new MeasureSpec(Id, [.. Set.Images.Select(image => image.Ref)]),
            problem => SaveAsync((Set with { JobState = JobState.Failed, Problem = problem }).Settle()));
        return job;
    }

    private Task SaveAsync(ComparisonRecord record)
    {
        state.State = record;
        Live.Changed();
        return state.WriteStateAsync();
    }
}

using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Live;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Sessions;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Access;
using Grainy.Grains.Datasets;
using Grainy.Grains.Jobs;
using Grainy.Grains.Live;
using Microsoft.Extensions.Logging;

namespace Grainy.Grains.Metrics;

/// <summary>Two images and how far apart they are; the measuring is a job.</summary>
[GrainType("comparison")]
internal sealed class ComparisonGrain : Grain, IComparisonGrain, IJobOwner
{
    private const long Seed = 1;

    private readonly IPersistentState<ComparisonRecord> _state;
    private readonly WorkspaceAccess _access;
    private readonly TimeProvider _clock;
    private readonly LiveTopic _live;

    public ComparisonGrain(
        [PersistentState("comparison")] IPersistentState<ComparisonRecord> state, WorkspaceAccess access, TimeProvider clock, ILogger<ComparisonGrain> logger)
    {
        (_state, _access, _clock) = (state, access, clock);
        _live = new LiveTopic(this, Build, TimeSpan.FromMilliseconds(200), clock, logger);
    }

    private ComparisonId Id => new(this.GetPrimaryKeyString());

    private ComparisonRecord Pair => _state.State;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        JobCatchUp.Schedule(this, () => (Pair.Job, Pair.JobState), JobChangedAsync);
        return Task.CompletedTask;
    }

    public async Task CreateAsync(WorkspaceId workspace, ImageRef left, ImageRef right)
    {
        await _access.RequireAsync(workspace, WorkspaceRole.Editor);
        if (Pair.Workspace is not null)
        {
            throw new RefusedException(Refusal.Conflict, "This comparison exists already; make another one.");
        }

        var images = await GrainFactory.RequireImagesAsync(workspace, [left, right]);
        ImageLookup.RequireSameSize(images[0], images[1], "compare them");
        await SaveAsync(new ComparisonRecord
        {
            Workspace = workspace,
            Left = left,
            Right = right,
            LeftInfo = images[0],
            RightInfo = images[1],
            CreatedAt = _clock.GetUtcNow(),
        });
        await RegisterAsync();
        await ScoreAsync();
    }

    public async Task<JobId> ScoreAsync()
    {
        await RequireAsync(WorkspaceRole.Editor);
        if (Pair is { Job: { } running, JobState: JobState.Queued or JobState.Running })
        {
            return running;
        }

        var job = JobId.New();
        await SaveAsync(Pair with { Job = job, JobState = JobState.Queued, Scores = [], Problem = null });
        var spec = new ScoreSpec(Id, Pair.Left!, Pair.Right!, Seed);
        try
        {
            await GrainFactory.Job(job).SubmitAsync(new JobSubmission(Pair.Workspace!.Value, Names.Shortened($"Scores of {Title}", 200), spec));
            return job;
        }
        catch (RefusedException refused)
        {
            await SaveAsync(Pair with { JobState = JobState.Failed, Problem = refused.Message });
            throw;
        }
    }

    public async Task<ComparisonSnapshot> GetAsync()
    {
        await RequireAsync(WorkspaceRole.Viewer);
        return (ComparisonSnapshot)_live.Snapshot();
    }

    public async Task AddScoresAsync(JobId job, MetricScore[] scores)
    {
        WorkspaceAccess.RequireSystem();
        if (Pair.Job == job)
        {
            var fresh = scores.ToDictionary(score => score.Metric);
            var merged = Pair.Scores.Select(score => fresh.Remove(score.Metric, out var newer) ? newer : score).ToList();
            merged.AddRange(scores.Where(score => fresh.ContainsKey(score.Metric)));
            _state.State = Pair with { Scores = [.. merged] };
            _live.Changed();
            if (scores.Any(score => score.Final))
            {
                await _state.WriteStateAsync(); // a value on its way is not worth a write
            }
        }
    }

    public Task JobChangedAsync(JobId job, JobState jobState, JobProgress? progress, string? problem)
    {
        if (Pair.Job == job && (Pair.JobState != jobState || Pair.Problem != problem))
        {
            _state.State = Pair with { JobState = jobState, Problem = problem };
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

    private string Title => $"{Pair.LeftInfo!.Name} and {Pair.RightInfo!.Name}";

    private Task RequireAsync(WorkspaceRole least) => Pair.Workspace is { } workspace
        ? _access.RequireAsync(workspace, least, new SessionSubject(SubjectKind.Comparison, Id.Value))
        : throw new RefusedException(Refusal.NotFound, "This comparison does not exist (any more); make a new one.");

    private Task RegisterAsync()
    {
        var entry = new WorkspaceEntry(EntryKind.Comparison, Id.Value, Title, $"{Pair.LeftInfo!.Width} × {Pair.LeftInfo.Height}", Pair.CreatedAt);
        return Caller.AsAsync(Caller.System, () => GrainFactory.Workspace(Pair.Workspace!.Value).RegisterAsync(entry));
    }

    private ComparisonSnapshot Build() => new()
    {
        Id = Id,
        Workspace = Pair.Workspace!.Value,
        Left = Pair.Left!,
        Right = Pair.Right!,
        LeftInfo = Pair.LeftInfo!,
        RightInfo = Pair.RightInfo!,
        Scores = Pair.Scores,
        Job = Pair.Job,
        JobState = Pair.JobState,
        Problem = Pair.Problem,
    };

    private Task SaveAsync(ComparisonRecord pair)
    {
        _state.State = pair;
        _live.Changed();
        return _state.WriteStateAsync();
    }
}

using Grainy.Contracts.Jobs;
using Grainy.Contracts.Live;
using Grainy.Contracts.Training;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Access;
using Grainy.Grains.Live;
using Microsoft.Extensions.Logging;

namespace Grainy.Grains.Jobs;

/// <summary>One piece of work: the side that people see. The side of scheduler and devices is in JobGrain.Run.cs.</summary>
[GrainType("job")]
internal sealed partial class JobGrain : Grain, IJobGrain, IJobRunGrain, IRemindable
{
    private const string Watchdog = "watchdog";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1); // the shortest period that reminders allow

    private readonly IPersistentState<JobRecord> _state;
    private readonly WorkspaceAccess _access;
    private readonly TimeProvider _clock;
    private readonly ILogger<JobGrain> _logger;
    private readonly LiveTopic _live;
    private int _queuePosition;
    private long _heardAt;
    private long _savedAt;
    private long _toldAt;

    public JobGrain([PersistentState("job")] IPersistentState<JobRecord> state, WorkspaceAccess access, TimeProvider clock, ILogger<JobGrain> logger)
    {
        (_state, _access, _clock, _logger) = (state, access, clock, logger);
        _live = new LiveTopic(this, Build, TimeSpan.FromMilliseconds(200), clock, logger);
        _heardAt = _savedAt = _toldAt = clock.GetTimestamp();
    }

    private JobId Id => new(this.GetPrimaryKeyString());

    private JobRecord Job => _state.State;

    private JobTicket Ticket => new(Id, Job.Lane, Job.Owner);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(RefreshQueuePositionAsync, new GrainTimerCreationOptions(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)) { Interleave = true });
        return Task.CompletedTask;
    }

    public async Task SubmitAsync(JobSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        await _access.RequireAsync(submission.Workspace, WorkspaceRole.Editor);
        if (Job.Workspace is { } workspace && workspace != submission.Workspace)
        {
            throw new RefusedException(Refusal.Conflict, "This job belongs to another workspace; submit it with a new id.");
        }

        if (Job.Workspace is null)
        {
            await CreateAsync(submission);
        }

        if (Job.State == JobState.Queued)
        {
            await AsSystem(PrepareAsync); // again after a failure half-way: each step of it may be repeated
        }
    }

    public async Task CancelAsync()
    {
        await RequireAsync(WorkspaceRole.Editor);
        if (Job.State == JobState.Paused || (Job.State == JobState.Queued && await AsSystem(() => GrainFactory.Scheduler().WithdrawAsync(Id))))
        {
            await EndAsync(JobState.Cancelled);
        }
        else if (Job.State is JobState.Queued or JobState.Running or JobState.Pausing)
        {
            await SaveAsync(Job with { State = JobState.Cancelling });
            _live.Changed();
            await TellWorkspaceAsync();
            StopOnDevice();
        }
    }

    public async Task<JobSnapshot> GetAsync()
    {
        await RequireAsync(WorkspaceRole.Viewer);
        await UpdateQueuePositionAsync();
        return (JobSnapshot)_live.Snapshot();
    }

    public async Task<JobSpec> GetSpecAsync()
    {
        await RequireAsync(WorkspaceRole.Viewer);
        return Job.Spec!;
    }

    public async Task<LiveSnapshot> WatchAsync(ILiveObserver observer)
    {
        await RequireAsync(WorkspaceRole.Viewer);
        await UpdateQueuePositionAsync();
        return _live.Watch(observer);
    }

    public async Task UnwatchAsync(ILiveObserver observer)
    {
        await RequireAsync(WorkspaceRole.Viewer);
        _live.Unwatch(observer);
    }

    private async Task CreateAsync(JobSubmission submission)
    {
        var title = Names.Checked(submission.Title, 200);
        await JobRules.CheckAsync(GrainFactory, submission);
        await this.RegisterOrUpdateReminder(Watchdog, Minute, Minute); // first, so that no stored job is without it
        await SaveAsync(new JobRecord
        {
            Workspace = submission.Workspace,
            Owner = Caller.Current ?? Caller.System,
            Title = title,
            Spec = submission.Spec is TrainSpec { StartFromBuiltIn: true } train ? train with { Preset = TrainSpec.BuiltInPreset } : submission.Spec,
            CreatedAt = _clock.GetUtcNow(),
        });
    }

    private async Task PrepareAsync()
    {
        if (Job.Spec is TrainSpec train)
        {
            await GrainFactory.Model(train.Model).CreateAsync(Job.Workspace!.Value, Names.Shortened(Job.Title), train, Id);
        }

        await TellWorkspaceAsync();
        await GrainFactory.Scheduler().EnqueueAsync(Ticket);
        _live.Changed();
    }

    private Task RequireAsync(WorkspaceRole least) => Job.Workspace is { } workspace
        ? _access.RequireAsync(workspace, least)
        : throw new RefusedException(Refusal.NotFound, "This job does not exist (any more); start it again.");

    private JobSnapshot Build() => new()
    {
        Id = Id,
        Workspace = Job.Workspace ?? default,
        Title = Job.Title,
        State = Job.State,
        Attempt = Job.Attempt,
        Progress = Job.Progress is { } progress && Job.Previews is [.., var newest] ? progress with { Preview = newest } : Job.Progress,
        Loss = Job.Loss,
        Previews = Job.Previews,
        CheckpointStep = Job.Checkpoint?.Step ?? 0,
        Device = Job.Device,
        Problem = Job.Problem,
        Result = Job.Result,
        QueuePosition = Job.State == JobState.Queued ? _queuePosition : 0,
        CreatedAt = Job.CreatedAt,
        EndedAt = Job.EndedAt,
        HeldOut = Job.HeldOut,
        Advice = JobAdvice.Of(Job.HeldOut),
    };

    private async Task RefreshQueuePositionAsync(CancellationToken cancellationToken)
    {
        if (_live.Watched && await UpdateQueuePositionAsync())
        {
            _live.Changed();
        }
    }

    private async Task<bool> UpdateQueuePositionAsync()
    {
        if (Job.State != JobState.Queued)
        {
            return false;
        }

        var before = _queuePosition;
        _queuePosition = await AsSystem(() => GrainFactory.Scheduler().PositionOfAsync(Id));
        return before != _queuePosition;
    }

    private Task TellWorkspaceAsync()
    {
        if (Job.Spec is NoiseSpec)
        {
            return Task.CompletedTask; // part of a set-up, no work that anybody looks for in a list
        }

        var entry = new WorkspaceEntry(EntryKind.Job, Id.Value, Job.Title, Job.State.ToString().ToLowerInvariant(), Job.CreatedAt);
        return AsSystem(() => GrainFactory.Workspace(Job.Workspace!.Value).RegisterAsync(entry));
    }

    private async Task SaveAsync(JobRecord job)
    {
        _state.State = job;
        _savedAt = _clock.GetTimestamp();
        await _state.WriteStateAsync();
    }

    private static Task AsSystem(Func<Task> call) => Caller.AsAsync(Caller.System, call);

    private static Task<T> AsSystem<T>(Func<Task<T>> call) => Caller.AsAsync(Caller.System, call);
}

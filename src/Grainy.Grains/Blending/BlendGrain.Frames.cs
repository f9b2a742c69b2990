using Grainy.Contracts.Blending;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Access;
using Grainy.Grains.Jobs;
using Grainy.Grains.Jobs.Executors;

namespace Grainy.Grains.Blending;

// The side of a blend that its job talks to: frames that come, wishes that go.
internal sealed partial class BlendGrain
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(2);

    private double[]? _near;
    private int _revision;
    private int _revisionSeen;
    private long _savedAt;
    private bool _unsaved;

    public Task AddFrameAsync(JobId job, BlendFrame frame) => AddStagesAsync(job, frame, []);

    public async Task AddStagesAsync(JobId job, BlendFrame frame, BlendStage[] pictures)
    {
        WorkspaceAccess.RequireSystem();
        if (Blend.Job != job || !Array.Exists(Blend.Targets, target => target.Index == frame.Index))
        {
            return;
        }

        state.State = Blend.With(frame);
        _unsaved = true;
        Live.Changed();
        if (pictures.Length > 0)
        {
            stages.State.Frames[frame.Index] = pictures;
        }

        // What is finished must survive; early stages come several times a second, and one that is lost is soon computed again.
        if (frame.Final || Clock.GetElapsedTime(_savedAt) >= SaveInterval)
        {
            await SaveUnsavedAsync();
            await RegisterAsync();
        }
    }

    public Task SetSpacingAsync(JobId job, ChainSpacing spacing)
    {
        WorkspaceAccess.RequireSystem();
        return Blend.Job == job ? SaveAsync(Blend with { Spacing = spacing }) : Task.CompletedTask;
    }

    public Task RespaceAsync(JobId job, MovedFrame[] frames, ChainSpacing before, ChainSpacing after)
    {
        WorkspaceAccess.RequireSystem();
        if (Blend.Job != job || Array.Exists(frames, moved => Blend.Find(moved.Frame.Index) is null))
        {
            return Task.CompletedTask;
        }

        var taken = new List<BlendFrame>();
        foreach (var (frame, stage) in frames)
        {
            // It began from its neighbours; later pictures of the place where it was do not belong to its way.
            var earlier = stages.State.Frames.GetValueOrDefault(frame.Index) ?? [];
            var way = Thinning.Append([.. earlier.Where(kept => kept.Step < stage.Step)], stage, kept => kept.Step, BlendCollector.MostStages);
            stages.State.Frames[frame.Index] = way;
            taken.Add(frame with { Stages = way.Length });
        }

        state.State = Blend.Moved(taken, before, after);
        _unsaved = true;
        return SaveUnsavedAsync();
    }

    public async Task NearAsync(double[] weights)
    {
        await RequireAsync(WorkspaceRole.Viewer);
        _near = BlendRules.Place(Blend, weights);
    }

    public Task<BlendWishes> GetWishesAsync()
    {
        WorkspaceAccess.RequireSystem();
        _revisionSeen = _revision;
        return Task.FromResult(new BlendWishes(_near, _revision));
    }

    public override Task JobChangedAsync(JobId job, JobState jobState, JobProgress? progress, string? problem)
    {
        if (Blend.Job == job)
        {
            state.State = Blend with { JobState = jobState, Problem = problem };
            _progress = progress;
            Live.Changed();
            if (jobState == JobState.Succeeded && _revisionSeen != _revision && !Blend.Complete)
            {
                // Wished for while the job was about to end. Not awaited: whoever tells of the end must not wait.
                this.RegisterGrainTimer(
                    _ => Caller.AsAsync(Caller.System, ComputeAsync), new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
            }
        }

        return Task.CompletedTask;
    }

    private Task ChangeTargetsAsync(BlendTarget[] targets, ChainSpacing? spacing)
    {
        _revision++;
        return SaveAsync(Blend with
        {
            Targets = targets,
            Spacing = spacing,
            Frames = [.. Blend.Frames.Where(frame => Array.Exists(targets, target => target.Index == frame.Index))],
        });
    }

    private async Task SaveUnsavedAsync()
    {
        if (_unsaved)
        {
            await SaveAsync(Blend);
            await stages.WriteStateAsync();
        }
    }
}

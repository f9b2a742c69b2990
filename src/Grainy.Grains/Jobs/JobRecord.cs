using Grainy.Contracts.Jobs;

namespace Grainy.Grains.Jobs;

/// <summary>What a job stores.</summary>
internal sealed record JobRecord
{
    public WorkspaceId? Workspace { get; init; }

    /// <summary>The subject who submitted it, against whose share of the devices it counts.</summary>
    public string Owner { get; init; } = "";

    public string Title { get; init; } = "";

    public JobSpec? Spec { get; init; }

    public JobState State { get; init; }

    public int Attempt { get; init; }

    /// <summary>Attempts that ended without a word since the last checkpoint: a job that kills its process must not do so for ever.</summary>
    public int LostAttempts { get; init; }

    public DeviceId? Device { get; init; }

    public JobCheckpoint? Checkpoint { get; init; }

    public JobProgress? Progress { get; init; }

    public LossPoint[] Loss { get; init; } = [];

    public LossPoint[] HeldOut { get; init; } = [];

    public JobPreview[] Previews { get; init; } = [];

    public string? Problem { get; init; }

    public JobResult? Result { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>True when everybody who must know of the end has been told.</summary>
    public bool Settled { get; init; }

    /// <summary>While it is pausing: end with what is learned instead of waiting for a word.</summary>
    public bool FinishWanted { get; init; }

    public bool Ended => State is JobState.Cancelled or JobState.Failed or JobState.Succeeded;

    public Lane Lane => Spec is Contracts.Training.TrainSpec ? Lane.Batch : Lane.Interactive;

    /// <summary>Forgets what was reported after the point from which the next attempt goes on.</summary>
    public JobRecord BackToCheckpoint()
    {
        var step = Checkpoint?.Step ?? 0;
        return this with
        {
            Loss = [.. Loss.Where(point => point.Step <= step)],
            HeldOut = [.. HeldOut.Where(point => point.Step <= step)],
            Previews = [.. Previews.Where(preview => preview.Step <= step)],
        };
    }

    /// <summary>Takes in a report.</summary>
    public JobRecord With(JobProgress progress) => this with
    {
        Progress = progress with { Preview = null, HeldOut = [] }, // the lists below hold them
        Loss = progress.Loss is { } loss ? Thinning.Append(Loss, new LossPoint(progress.Step, loss), point => point.Step, 200) : Loss,
        HeldOut = progress.HeldOut.Aggregate(HeldOut, (held, point) => Thinning.Append(held, point, one => one.Step, 200)),
        Previews = progress.Preview is { } preview ? Thinning.Append(Previews, preview, shown => shown.Step, 24) : Previews,
    };
}

using Grainy.Contracts.Live;

namespace Grainy.Contracts.Jobs;

/// <summary>Where a job stands.</summary>
[GenerateSerializer, Alias("grainy.job-state")]
public enum JobState
{
    /// <summary>Waits for a device.</summary>
    Queued = 0,

    /// <summary>Runs.</summary>
    Running = 1,

    /// <summary>Was asked to stop and has not stopped yet.</summary>
    Cancelling = 2,

    /// <summary>Stopped on request.</summary>
    Cancelled = 3,

    /// <summary>Could not be done; see <see cref="JobSnapshot.Problem"/>.</summary>
    Failed = 4,

    /// <summary>Done.</summary>
    Succeeded = 5,

    /// <summary>Was asked to pause, or to end with what it has, and has not stopped yet.</summary>
    Pausing = 6,

    /// <summary>Stopped for a while; goes on from its checkpoint when asked.</summary>
    Paused = 7,
}

/// <summary>How far a running attempt is.</summary>
[GenerateSerializer, Immutable, Alias("grainy.job-progress.v1")]
public sealed record JobProgress
{
    /// <summary>Steps done, counted over all attempts.</summary>
    [Id(0)]
    public long Step { get; init; }

    /// <summary>Steps in all, as estimated now; 0 while unknown.</summary>
    [Id(1)]
    public long Steps { get; init; }

    /// <summary>Part done, in [0, 1].</summary>
    [Id(2)]
    public double Fraction { get; init; }

    /// <summary>What is being done, for people: <c>training</c>, <c>denoising 2 of 5</c>.</summary>
    [Id(3)]
    public string Activity { get; init; } = "";

    /// <summary>Smoothed loss (negative log likelihood per pixel) or energy; null where there is none.</summary>
    [Id(4)]
    public double? Loss { get; init; }

    /// <summary>Compute time so far in seconds, over all attempts.</summary>
    [Id(5)]
    public double ElapsedSeconds { get; init; }

    /// <summary>Estimated time to the end in seconds; null while unknown.</summary>
    [Id(6)]
    public double? EtaSeconds { get; init; }

    /// <summary>A newer preview (8-bit PNG), or null when there is none since the last report.</summary>
    [Id(7)]
    public JobPreview? Preview { get; init; }

    /// <summary>Mean negative log likelihood per pixel of images that are not learned from, lower is better: what was measured since the last report.</summary>
    [Id(8)]
    public LossPoint[] HeldOut { get; init; } = [];
}

/// <summary>A picture of work in progress.</summary>
[GenerateSerializer, Immutable, Alias("grainy.job-preview.v1")]
public sealed record JobPreview([property: Id(0)] long Step, [property: Id(1)] BlobRef Png, [property: Id(2)] double? Psnr);

/// <summary>One point of the loss curve.</summary>
[GenerateSerializer, Immutable, Alias("grainy.loss-point.v1")]
public readonly record struct LossPoint([property: Id(0)] long Step, [property: Id(1)] double Loss);

/// <summary>All that a page shows of a job.</summary>
[GenerateSerializer, Immutable, Alias("grainy.job-snapshot.v1")]
public sealed record JobSnapshot : LiveSnapshot
{
    /// <summary>The job.</summary>
    [Id(0)]
    public required JobId Id { get; init; }

    /// <summary>Who owns it.</summary>
    [Id(1)]
    public required WorkspaceId Workspace { get; init; }

    /// <summary>For people.</summary>
    [Id(2)]
    public required string Title { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(3)]
    public required JobState State { get; init; }

    /// <summary>1 for the first run; grows when a run is taken up again.</summary>
    [Id(4)]
    public int Attempt { get; init; }

    /// <summary>The latest report; null before the first.</summary>
    [Id(5)]
    public JobProgress? Progress { get; init; }

    /// <summary>At most 200 points over the whole run.</summary>
    [Id(6)]
    public LossPoint[] Loss { get; init; } = [];

    /// <summary>Previews so far, at most 24, spread over the run; the last is the newest.</summary>
    [Id(7)]
    public JobPreview[] Previews { get; init; } = [];

    /// <summary>The step of the last committed checkpoint.</summary>
    [Id(8)]
    public long CheckpointStep { get; init; }

    /// <summary>Where it runs or ran last.</summary>
    [Id(9)]
    public DeviceId? Device { get; init; }

    /// <summary>Why it failed, for people.</summary>
    [Id(10)]
    public string? Problem { get; init; }

    /// <summary>What came out.</summary>
    [Id(11)]
    public JobResult? Result { get; init; }

    /// <summary>Jobs before this one in the queue; 0 when it is next or not queued.</summary>
    [Id(12)]
    public int QueuePosition { get; init; }

    /// <summary>When it was submitted.</summary>
    [Id(13)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended.</summary>
    [Id(14)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What images that are not learned from said over the whole run, at most 200 points; empty where none are held out.</summary>
    [Id(15)]
    public LossPoint[] HeldOut { get; init; } = [];

    /// <summary>What follows from <see cref="HeldOut"/>; null where that is empty.</summary>
    [Id(16)]
    public TrainingAdvice? Advice { get; init; }
}

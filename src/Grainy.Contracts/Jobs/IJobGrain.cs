using Grainy.Contracts.Live;

namespace Grainy.Contracts.Jobs;

/// <summary>The durable truth of one piece of work.</summary>
[Alias("grainy.job")]
public interface IJobGrain : ILiveTopic, IUserFacing
{
    /// <summary>Stores the job and queues it. Editors and owners of the workspace. Submitting the same id again changes nothing.</summary>
    [Alias("Submit")]
    Task SubmitAsync(JobSubmission submission);

    /// <summary>Asks the job to stop; a queued job ends at once, a running one at its next step. Ended jobs stay as they are.</summary>
    [Alias("Cancel")]
    Task CancelAsync();

    /// <summary>The state now.</summary>
    [Alias("Get")]
    Task<JobSnapshot> GetAsync();

    /// <summary>Stops a training for a while and frees its device; what was learned stays. Other work cannot be paused.</summary>
    [Alias("Pause")]
    Task PauseAsync();

    /// <summary>Queues a paused training again; it goes on from the step at which it stopped.</summary>
    [Alias("Resume")]
    Task ResumeAsync();

    /// <summary>Ends a training before its time with what it has learned: its model is kept and its images are denoised.</summary>
    [Alias("Finish")]
    Task FinishAsync();

    /// <summary>Lets a training that has ended learn further, from its last step.</summary>
    /// <param name="seconds">5 to 86,400 of compute in addition.</param>
    [Alias("Extend")]
    Task ExtendAsync(double seconds);

    /// <summary>What was asked for.</summary>
    [Alias("GetSpec")]
    Task<JobSpec> GetSpecAsync();
}

/// <summary>The side of a job that the scheduler and devices talk to. Every call names its attempt; calls of an earlier attempt are refused.</summary>
[Alias("grainy.job-run")]
public interface IJobRunGrain : IGrainWithStringKey
{
    /// <summary>Begins a new attempt on a device; null when the job has ended or was cancelled meanwhile.</summary>
    [Alias("Begin")]
    Task<JobAssignment?> BeginAsync(DeviceId device);

    /// <summary>Progress; also the heartbeat. False tells the device to stop: cancelled, or replaced by a later attempt.</summary>
    [Alias("Report")]
    Task<bool> ReportAsync(int attempt, JobProgress progress);

    /// <summary>Makes a checkpoint, whose blob is already stored, the point from which the next attempt goes on.</summary>
    [Alias("Commit")]
    Task<bool> CommitAsync(int attempt, JobCheckpoint checkpoint);

    /// <summary>The job is done.</summary>
    [Alias("Complete")]
    Task CompleteAsync(int attempt, JobResult result);

    /// <summary>The job cannot be done; the sentence is for the person who asked.</summary>
    [Alias("Fail")]
    Task FailAsync(int attempt, string problem);

    /// <summary>The device stopped before the end (cancelled, or the server stops): ends a cancelled job, queues any other again.</summary>
    [Alias("Release")]
    Task ReleaseAsync(int attempt);
}

/// <summary>A request for work.</summary>
[GenerateSerializer, Immutable, Alias("grainy.job-submission.v1")]
public sealed record JobSubmission([property: Id(0)] WorkspaceId Workspace, [property: Id(1)] string Title, [property: Id(2)] JobSpec Spec);

/// <summary>A piece of work handed to a device.</summary>
[GenerateSerializer, Immutable, Alias("grainy.job-assignment.v1")]
public sealed record JobAssignment(
    [property: Id(0)] JobId Job, [property: Id(1)] int Attempt, [property: Id(2)] WorkspaceId Workspace, [property: Id(3)] JobSpec Spec, [property: Id(4)] JobCheckpoint? Checkpoint);

/// <summary>A point from which work can go on.</summary>
[GenerateSerializer, Immutable, Alias("grainy.job-checkpoint.v1")]
public sealed record JobCheckpoint([property: Id(0)] long Step, [property: Id(1)] BlobRef Blob, [property: Id(2)] double ElapsedSeconds);

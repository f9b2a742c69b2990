namespace Grainy.Contracts.Jobs;

/// <summary>Which share of a device a job takes.</summary>
[GenerateSerializer, Alias("grainy.lane")]
public enum Lane
{
    /// <summary>Minutes: training.</summary>
    Batch = 0,

    /// <summary>Somebody waits for it: scores, blend frames, samples. Runs beside batch work, never behind it.</summary>
    Interactive = 1,
}

/// <summary>Queues, and which device works on what. Not for people.</summary>
[Alias("grainy.scheduler")]
public interface ISchedulerGrain : IGrainWithStringKey
{
    /// <summary>Queues a job. Queuing a job that is queued or running changes nothing.</summary>
    [Alias("Enqueue")]
    Task EnqueueAsync(JobTicket ticket);

    /// <summary>Takes a job out of the queue; true when it had not been given to a device.</summary>
    [Alias("Withdraw")]
    Task<bool> WithdrawAsync(JobId job);

    /// <summary>
    /// A device is there. A new <paramref name="incarnation"/> says that its process started afresh: work that it held is queued again at once.
    /// Repeated every few seconds; a device that is silent for 30 s loses its work.
    /// </summary>
    [Alias("Announce")]
    Task AnnounceAsync(DeviceId device, Guid incarnation);

    /// <summary>The device's process stops: it gets no more work.</summary>
    [Alias("Retire")]
    Task RetireAsync(DeviceId device, Guid incarnation);

    /// <summary>A device no longer works on a job.</summary>
    [Alias("Finished")]
    Task FinishedAsync(DeviceId device, JobId job);

    /// <summary>Jobs before this one; 0 when it is next or not queued.</summary>
    [Alias("PositionOf")]
    Task<int> PositionOfAsync(JobId job);
}

/// <summary>A place in the queue.</summary>
/// <param name="Owner">Whose share of the devices it counts against.</param>
[GenerateSerializer, Immutable, Alias("grainy.job-ticket.v1")]
public sealed record JobTicket([property: Id(0)] JobId Job, [property: Id(1)] Lane Lane, [property: Id(2)] string Owner);

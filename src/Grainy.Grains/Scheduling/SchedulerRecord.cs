using Grainy.Contracts.Jobs;

namespace Grainy.Grains.Scheduling;

/// <summary>What the scheduler stores: who waits, who works where, and who has had how much.</summary>
internal sealed record SchedulerRecord
{
    public QueuedJob[] Queue { get; init; } = [];

    public Lease[] Leases { get; init; } = [];

    /// <summary>By owner.</summary>
    public Dictionary<string, Usage> Usage { get; init; } = [];

    /// <summary>The place of the next job in the order of arrival.</summary>
    public long NextOrder { get; init; }
}

/// <summary>A waiting job. A job that lost its device keeps its old place in the order.</summary>
internal sealed record QueuedJob(JobTicket Ticket, long Order);

/// <summary>A job on a device.</summary>
/// <param name="Incarnation">Of the device's process: after a restart the lease means nothing.</param>
/// <param name="Attempt">0 until the job has begun.</param>
internal sealed record Lease(JobTicket Ticket, long Order, DeviceId Device, Guid Incarnation, DateTimeOffset StartedAt, int Attempt);

/// <summary>Device seconds that an owner has had lately; they count half after ten minutes.</summary>
internal sealed record Usage(double Seconds, DateTimeOffset At)
{
    private static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(10);

    public double SecondsAt(DateTimeOffset now) => Seconds * Math.Pow(0.5, Math.Max(0, (now - At) / HalfLife));
}

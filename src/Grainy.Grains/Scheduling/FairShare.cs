using Grainy.Contracts.Jobs;

namespace Grainy.Grains.Scheduling;

/// <summary>Who is next: the owner with the least recent device time, and within an owner the first to come. Plain arithmetic over the stored state.</summary>
internal static class FairShare
{
    /// <summary>Most jobs of a lane at a time on one device.</summary>
    public static int Capacity(Lane lane) => lane == Lane.Batch ? 1 : 2;

    /// <summary>The next job and its device, or null when nobody waits or nothing is free.</summary>
    public static (QueuedJob Job, DeviceId Device)? Next(SchedulerRecord state, IReadOnlyCollection<DeviceId> devices, DateTimeOffset now)
    {
        foreach (var lane in (ReadOnlySpan<Lane>)[Lane.Interactive, Lane.Batch])
        {
            if (FreeDevice(state, devices, lane) is { } device && Waiting(state, lane, now) is [var job, ..])
            {
                return (job, device);
            }
        }

        return null;
    }

    /// <summary>Waiting jobs of a lane in the order in which they would be taken if no more came.</summary>
    public static IReadOnlyList<QueuedJob> Waiting(SchedulerRecord state, Lane lane, DateTimeOffset now)
    {
        var owners = state.Queue
            .Where(job => job.Ticket.Lane == lane)
            .GroupBy(job => job.Ticket.Owner)
            .Select(group => (Used: Used(state, group.Key, now), Jobs: group.OrderBy(job => job.Order).ToArray()))
            .OrderBy(owner => owner.Used).ThenBy(owner => owner.Jobs[0].Order)
            .ToArray();
        // Taking one job of each owner in turn is what happens while their shares stay alike.
        return [.. Enumerable.Range(0, owners.Select(owner => owner.Jobs.Length).DefaultIfEmpty().Max())
            .SelectMany(round => owners.Where(owner => owner.Jobs.Length > round).Select(owner => owner.Jobs[round]))];
    }

    /// <summary>Device seconds of an owner: remembered ones, and those of work in progress.</summary>
    public static double Used(SchedulerRecord state, string owner, DateTimeOffset now) =>
        (state.Usage.TryGetValue(owner, out var usage) ? usage.SecondsAt(now) : 0)
        + state.Leases.Where(lease => lease.Ticket.Owner == owner).Sum(lease => Math.Max(0, (now - lease.StartedAt).TotalSeconds));

    /// <summary>The state without a lease, its time charged to the owner.</summary>
    public static SchedulerRecord Charge(SchedulerRecord state, Lease lease, DateTimeOffset now)
    {
        var before = state.Usage.TryGetValue(lease.Ticket.Owner, out var usage) ? usage.SecondsAt(now) : 0;
        var seconds = before + Math.Max(0, (now - lease.StartedAt).TotalSeconds);
        var others = state.Usage.Where(entry => entry.Value.SecondsAt(now) >= 0.5 && entry.Key != lease.Ticket.Owner); // forgets who has had nothing for hours
        return state with
        {
            Leases = [.. state.Leases.Where(other => other.Ticket.Job != lease.Ticket.Job)],
            Usage = new(others) { [lease.Ticket.Owner] = new Usage(seconds, now) },
        };
    }

    private static DeviceId? FreeDevice(SchedulerRecord state, IReadOnlyCollection<DeviceId> devices, Lane lane) => devices
        .Select(device => (Device: device, Busy: state.Leases.Count(lease => lease.Device == device && lease.Ticket.Lane == lane)))
        .Where(device => device.Busy < Capacity(lane))
        .OrderBy(device => device.Busy).ThenBy(device => device.Device.Value, StringComparer.Ordinal)
        .Select(device => (DeviceId?)device.Device)
        .FirstOrDefault();
}

namespace Grainy.Grains.Scheduling;

/// <summary>Which devices are there. In memory only: devices announce themselves every few seconds.</summary>
internal sealed class DevicePresence(TimeProvider clock)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly Dictionary<DeviceId, Entry> _devices = [];
    private readonly DateTimeOffset _since = clock.GetUtcNow();

    /// <summary>Devices that may get work now.</summary>
    public IReadOnlyCollection<DeviceId> Ready
    {
        get
        {
            var now = clock.GetUtcNow();
            return [.. _devices
                .Where(device => !device.Value.Retired && device.Value.RestsUntil <= now && now - device.Value.SeenAt < Silence)
                .Select(device => device.Key)];
        }
    }

    public Guid IncarnationOf(DeviceId device) => _devices.TryGetValue(device, out var entry) ? entry.Incarnation : Guid.Empty;

    public void Seen(DeviceId device, Guid incarnation)
    {
        var before = _devices.GetValueOrDefault(device);
        var same = before is not null && before.Incarnation == incarnation;
        _devices[device] = new Entry(incarnation, clock.GetUtcNow(), Retired: same && before!.Retired, RestsUntil: same ? before!.RestsUntil : DateTimeOffset.MinValue);
    }

    public void Retire(DeviceId device, Guid incarnation)
    {
        if (_devices.TryGetValue(device, out var entry) && entry.Incarnation == incarnation)
        {
            _devices[device] = entry with { Retired = true };
        }
    }

    /// <summary>After a hand-over that failed: no work for a moment, so that a broken device cannot spin the queue.</summary>
    public void LetRest(DeviceId device)
    {
        if (_devices.TryGetValue(device, out var entry))
        {
            _devices[device] = entry with { RestsUntil = clock.GetUtcNow() + Rest };
        }
    }

    /// <summary>True when the holder of a lease is another process than the present one, or was silent for too long.</summary>
    public bool HasLost(Lease lease) => _devices.TryGetValue(lease.Device, out var entry)
        ? entry.Incarnation != lease.Incarnation || clock.GetUtcNow() - entry.SeenAt >= Silence
        : clock.GetUtcNow() - _since >= Silence;

    private sealed record Entry(Guid Incarnation, DateTimeOffset SeenAt, bool Retired, DateTimeOffset RestsUntil);
}

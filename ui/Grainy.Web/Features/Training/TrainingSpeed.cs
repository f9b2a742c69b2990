using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Training;

/// <summary>How fast trainings are here, learned from those that have run, and how long the ones before a new one will take.</summary>
public sealed class TrainingSpeed(UserGrains grains)
{
    private const int Newest = 30;
    private const double LeastSeconds = 3;

    private readonly List<(TrainSpec Spec, JobSnapshot Job)> _known = [];

    /// <summary>Trainings that run or wait now.</summary>
    public int Before { get; private set; }

    /// <summary>Seconds until they have ended, as far as they know; null when none knows.</summary>
    public double? WaitSeconds { get; private set; }

    /// <summary>Looks at the newest jobs.</summary>
    public async Task LoadAsync()
    {
        _known.Clear();
        var entries = await grains.AskAsync(g => g.Workspace(WorkspaceId.Main).ListAsync(EntryKind.Job, 0, Newest));
        var jobs = await Task.WhenAll(entries.Select(entry => ReadAsync(new JobId(entry.Id))));
        _known.AddRange(jobs.Where(job => job.Spec is not null).Select(job => (job.Spec!, job.Job)));
        var active = _known.Where(job => job.Job.State.IsActive()).ToArray();
        Before = active.Length;
        WaitSeconds = active.Length == 0 ? 0 : active.All(job => job.Job.Progress?.EtaSeconds is not null) ? active.Sum(job => job.Job.Progress!.EtaSeconds) : null;
    }

    /// <summary>Steps in a second, and how that is known.</summary>
    public StepRate? Rate(string method, string preset, int crop, int batch)
    {
        var measured = _known
            .Where(job => job.Spec.Method == method && job.Spec.Preset == preset && job.Job.Progress is { ElapsedSeconds: >= LeastSeconds, Step: > 0 })
            .ToArray();
        foreach (var (spec, job) in measured.Where(job => (job.Spec.CropSize, job.Spec.BatchSize) == (crop, batch)).Concat(measured))
        {
            // The cost of a step is that of its pixels.
            var pixels = (double)spec.CropSize * spec.CropSize * spec.BatchSize / ((double)crop * crop * batch);
            return new StepRate(job.Progress!.Step / job.Progress.ElapsedSeconds * pixels, job.Device, Scaled: pixels != 1);
        }

        return null;
    }

    /// <summary>Seconds to denoise images of this many pixels, as the newest training of the method took with a network of this size; null while none has ended.</summary>
    public double? DenoisingSeconds(string method, string preset, IEnumerable<ImageInfo> images)
    {
        var rate = _known.Where(job => job.Spec.Method == method && job.Spec.Preset == preset).Select(job => (job.Job.Result as TrainResult)?.SecondsPerMegapixel).FirstOrDefault(seconds => seconds is not null);
        return rate * images.Sum(image => image.Width * (double)image.Height / 1e6);
    }

    private async Task<(TrainSpec? Spec, JobSnapshot Job)> ReadAsync(JobId id)
    {
        var spec = await grains.AskAsync(g => g.Job(id).GetSpecAsync()) as TrainSpec;
        return spec is null ? (null, null!) : (spec, await grains.AskAsync(g => g.Job(id).GetAsync()));
    }
}

/// <summary>Optimiser steps in a second.</summary>
/// <param name="Device">Where it was measured.</param>
/// <param name="Scaled">True when it was measured with crops of another size or number, and is a guess for these.</param>
public sealed record StepRate(double StepsPerSecond, DeviceId? Device, bool Scaled);

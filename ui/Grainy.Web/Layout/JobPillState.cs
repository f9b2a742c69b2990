using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;

namespace Grainy.Web.Layout;

/// <summary>The jobs that run or wait now, in a few words.</summary>
public sealed class JobPillState(UserGrains grains)
{
    private const int Newest = 20;

    // With the state that the list tells: a paused or extended training comes back.
    private readonly HashSet<(string Id, string Note)> _ended = [];
    private readonly Dictionary<JobId, string> _addresses = [];

    /// <summary>Jobs that have not ended, newest first.</summary>
    public IReadOnlyList<JobSnapshot> Active { get; private set; } = [];

    /// <summary>For example <c>1 running · 2 min</c>.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Looks at the newest jobs; those that have ended are not asked again.</summary>
    public async Task RefreshAsync()
    {
        var entries = await grains.AskAsync(g => g.Workspace(WorkspaceId.Main).ListAsync(EntryKind.Job, 0, Newest));
        var active = new List<JobSnapshot>();
        foreach (var entry in entries.Where(entry => !_ended.Contains((entry.Id, entry.Note))))
        {
            var job = await grains.AskAsync(g => g.Job(new JobId(entry.Id)).GetAsync());
            if (job.State.IsActive())
            {
                active.Add(job);
                await LearnAddressAsync(job.Id);
            }
            else
            {
                _ended.Add((entry.Id, entry.Note));
            }
        }

        Active = active;
        Text = Describe(active);
    }

    /// <summary>The page about what the job makes.</summary>
    public string AddressOf(JobSnapshot job) => _addresses.GetValueOrDefault(job.Id, "/train");

    private static string Describe(List<JobSnapshot> active)
    {
        var running = active.Count(job => job.State is JobState.Running or JobState.Cancelling or JobState.Pausing);
        var eta = active.Max(job => job.Progress?.EtaSeconds);
        var text = running > 0 ? $"{running} running" : active.Count > 0 ? $"{active.Count} waiting" : "";

        // In whole minutes, so that the pill does not flicker.
        return eta is { } seconds && running > 0 ? $"{text} · {(seconds < 60 ? "< 1 min" : Words.Duration(Math.Ceiling(seconds / 60) * 60))}" : text;
    }

    private async Task LearnAddressAsync(JobId job)
    {
        if (!_addresses.ContainsKey(job))
        {
            _addresses[job] = await grains.AskAsync(g => g.Job(job).GetSpecAsync()) switch
            {
                Contracts.Metrics.ScoreSpec score => $"/compare/{score.Comparison}",
                Contracts.Metrics.MeasureSpec measure => $"/compare/{measure.Comparison}",
                Contracts.Metrics.MapSpec map => $"/compare/{map.Comparison}",
                Contracts.Blending.BlendSpec blend => $"/blend/{blend.Blend}",
                Contracts.Blending.AverageSpec => $"/blend/average/{job}",
                Contracts.Denoising.DenoiseSpec => $"/denoise/{job}",
                Contracts.Datasets.SampleSpec sample => $"/library?dataset={sample.Dataset}",
                _ => $"/train/{job}",
            };
        }
    }
}

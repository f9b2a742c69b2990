using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Training;

/// <summary>The trainings of the workspace.</summary>
public sealed class TrainState(UserGrains grains)
{
    private const int PageSize = 40;

    private readonly List<TrainRow> _rows = [];
    private int _read;

    /// <summary>Newest first; null while loading.</summary>
    public IReadOnlyList<TrainRow>? Rows { get; private set; }

    /// <summary>True while older jobs were not looked at.</summary>
    public bool HasMore { get; private set; }

    public Task LoadAsync()
    {
        _rows.Clear();
        _read = 0;
        return MoreAsync();
    }

    /// <summary>Looks at the next jobs; scores, blends and samples are left out.</summary>
    public async Task MoreAsync()
    {
        var entries = await grains.AskAsync(g => g.Workspace(WorkspaceId.Main).ListAsync(EntryKind.Job, _read, PageSize));
        _read += entries.Length;
        HasMore = entries.Length == PageSize;
        var rows = await Task.WhenAll(entries.Select(entry => ReadAsync(new JobId(entry.Id))));
        _rows.AddRange(rows.OfType<TrainRow>());
        Rows = _rows;
    }

    /// <summary>Looks again at the trainings that have not ended; true while there are some.</summary>
    public async Task<bool> RefreshAsync()
    {
        var any = false;
        for (var i = 0; i < _rows.Count; i++)
        {
            if (_rows[i].Job.State.IsActive())
            {
                var id = _rows[i].Job.Id;
                _rows[i] = _rows[i] with { Job = await grains.AskAsync(g => g.Job(id).GetAsync()) };
                any = true;
            }
        }

        return any;
    }

    private async Task<TrainRow?> ReadAsync(JobId id)
    {
        if (await grains.AskAsync(g => g.Job(id).GetSpecAsync()) is not TrainSpec spec)
        {
            return null;
        }

        return new TrainRow(await grains.AskAsync(g => g.Job(id).GetAsync()), spec);
    }
}

/// <summary>A training and what was asked for.</summary>
public sealed record TrainRow(JobSnapshot Job, TrainSpec Spec);

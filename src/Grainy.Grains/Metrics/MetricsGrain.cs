using Grainy.Contracts.Metrics;
using Grainy.Contracts.Workspaces;
using Grainy.Core.Metrics;
using Grainy.Grains.Access;
using Orleans.Concurrency;

namespace Grainy.Grains.Metrics;

/// <summary>Tells which metrics can be used with the weights at hand.</summary>
[StatelessWorker, GrainType("metrics")]
internal sealed class MetricsGrain(MetricCatalog catalog, WorkspaceAccess access) : Grain, IMetricsGrain
{
    public async Task<MetricChoice[]> ListAsync()
    {
        await access.RequireAsync(new WorkspaceId(this.GetPrimaryKeyString()), WorkspaceRole.Viewer);
        var shown = catalog.DefaultSet();
        return [.. catalog.Names.Select(name => new MetricChoice(name, shown.Contains(name), catalog.IsAvailable(name, out var why) ? null : why))];
    }
}

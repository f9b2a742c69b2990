using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Devices;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Models;
using Grainy.Contracts.Sessions;
using Grainy.Contracts.Workspaces;

namespace Grainy.Contracts;

/// <summary>Typed ids to grain references: the only place where an id becomes a key.</summary>
public static class Grains
{
    extension(IGrainFactory grains)
    {
        /// <summary>The grain of a workspace.</summary>
        public IWorkspaceGrain Workspace(WorkspaceId id) => grains.GetGrain<IWorkspaceGrain>(id.Value);

        /// <summary>The grain of a dataset.</summary>
        public IDatasetGrain Dataset(DatasetId id) => grains.GetGrain<IDatasetGrain>(id.Value);

        /// <summary>The grain of a model.</summary>
        public IModelGrain Model(ModelId id) => grains.GetGrain<IModelGrain>(id.Value);

        /// <summary>The grain of a job.</summary>
        public IJobGrain Job(JobId id) => grains.GetGrain<IJobGrain>(id.Value);

        /// <summary>The one scheduler.</summary>
        public ISchedulerGrain Scheduler() => grains.GetGrain<ISchedulerGrain>("main");

        /// <summary>The grain of a device, on the silo that the id names.</summary>
        public IDeviceGrain Device(DeviceId id) => grains.GetGrain<IDeviceGrain>(id.Value);

        /// <summary>The grain of a comparison.</summary>
        public IComparisonGrain Comparison(ComparisonId id) => grains.GetGrain<IComparisonGrain>(id.Value);

        /// <summary>The metrics on offer in a workspace.</summary>
        public IMetricsGrain Metrics(WorkspaceId id) => grains.GetGrain<IMetricsGrain>(id.Value);

        /// <summary>The grain of a blend.</summary>
        public IBlendGrain Blend(BlendId id) => grains.GetGrain<IBlendGrain>(id.Value);

        /// <summary>What a workspace can say of images before they are blended.</summary>
        public IBlendInputsGrain BlendInputs(WorkspaceId id) => grains.GetGrain<IBlendInputsGrain>(id.Value);

        /// <summary>The grain of a live session.</summary>
        public ISessionGrain Session(SessionId id) => grains.GetGrain<ISessionGrain>(id.Value);
    }
}

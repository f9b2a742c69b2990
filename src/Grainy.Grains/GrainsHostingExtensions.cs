using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Weights;
using Grainy.Grains.Access;
using Grainy.Grains.Blending;
using Grainy.Grains.Datasets;
using Grainy.Grains.Devices;
using Grainy.Grains.Images;
using Grainy.Grains.Jobs.Executors;
using Grainy.Grains.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Grainy.Grains;

/// <summary>Everything that a silo needs besides storage and clustering.</summary>
public static class GrainsHostingExtensions
{
    /// <summary>Adds the grains' services: access checks, device placement, the devices of this process, and the executors of all kinds of jobs.</summary>
    /// <remarks>
    /// Needs an <c>IBlobStore</c>, grain storage and reminders from the caller. A <see cref="WeightStore"/> and an <see cref="IImageDecoder"/> of the caller's own win
    /// over the usual ones.
    /// </remarks>
    public static ISiloBuilder AddGrainyGrains(this ISiloBuilder silo, Action<GrainsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        var options = new GrainsOptions();
        configure?.Invoke(options);
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton(options);
        silo.Services.AddSingleton<WorkspaceAccess>();
        silo.Services.AddPlacementDirector<DevicePlacement, DevicePlacementDirector>();
        silo.Services.AddSingleton<DeviceRuntime>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, DeviceAnnouncer>();
        AddImages(silo.Services);
        AddExecutors(silo.Services);
        return silo.AddIncomingGrainCallFilter<DefaultDeny>();
    }

    private static void AddImages(IServiceCollection services)
    {
        services.TryAddSingleton<IImageDecoder, InProcessDecoder>();
        services.AddSingleton<ImageBlobs>();
        services.AddSingleton<ImageIngest>();
        services.AddSingleton<ResultImages>();
    }

    private static void AddExecutors(IServiceCollection services)
    {
        services.TryAddSingleton(provider => WeightStore.Default(provider.GetRequiredService<GrainsOptions>().WeightsFolder));
        services.TryAddSingleton<MetricCatalog>();
        services.AddSingleton<MetricIdentity>();
        services.AddSingleton<ScoreMemory>();
        services.AddSingleton<NoiseMemory>();
        services.AddSingleton<ResultJudge>();
        services.AddSingleton<BlendInputs>();
        services.AddSingleton<BlendMemory>();
        services.AddSingleton<DenoisingStage>();
        services.AddSingleton<IJobExecutor, TrainExecutor>();
        services.AddSingleton<IJobExecutor, DenoiseExecutor>();
        services.AddSingleton<IJobExecutor, NoiseExecutor>();
        services.AddSingleton<IJobExecutor, ScoreExecutor>();
        services.AddSingleton<IJobExecutor, MapExecutor>();
        services.AddSingleton<IJobExecutor, BlendExecutor>();
        services.AddSingleton<IJobExecutor, AverageExecutor>();
        services.AddSingleton<IJobExecutor, SampleExecutor>();
    }
}

using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Jobs.Executors;
using Grainy.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;

namespace Grainy.Grains.Tests.Kit;

/// <summary>One real silo over a data folder: our grain storage, our reminders, our blobs. Starting another one over the same folder is a restart.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private TestServer(InProcessTestCluster cluster, string folder) => (_cluster, Folder) = (cluster, folder);

    public static WorkspaceId Workspace => WorkspaceId.Main;

    public static string Owner { get; } = Caller.User(new UserId("ann"));

    public static string Stranger { get; } = Caller.User(new UserId("stranger"));

    public string Folder { get; }

    public IGrainFactory Grains => _cluster.Client;

    public IServiceProvider Services => _cluster.GetSiloServiceProvider(_cluster.Silos[0].SiloAddress);

    public DeviceId Device => DeviceId.Of(_cluster.Silos[0].Name, "cpu");

    public static Task<TestServer> StartAsync(IJobExecutor executor) => StartAsync(NewFolder(), services => services.RemoveAll<IJobExecutor>().AddSingleton(executor));

    public static async Task<TestServer> StartAsync(string folder, Action<IServiceCollection>? configure = null)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ServiceId = "grainy";
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.Error));
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddSqliteGrainStorage(Path.Combine(folder, "grainy.db"));
            silo.Services.AddFileBlobStore(Path.Combine(folder, "blobs"));
            silo.AddIncomingGrainCallFilter<MessageSizeFilter>();
            silo.AddGrainyGrains();
            configure?.Invoke(silo.Services);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        var server = new TestServer(cluster, folder);
        await Caller.AsAsync(Caller.System, () => server.Grains.Workspace(Workspace).SetMemberAsync(new UserId("ann"), WorkspaceRole.Owner));
        return server;
    }

    public static string NewFolder() => Directory.CreateTempSubdirectory("grainy-test-").FullName;

    public static Task<T> AsOwner<T>(Func<Task<T>> call) => Caller.AsAsync(Owner, call);

    public static Task AsOwner(Func<Task> call) => Caller.AsAsync(Owner, call);

    /// <summary>A dataset with images whose blobs do not exist: enough where no executor reads them.</summary>
    public async Task<(DatasetId Dataset, ImageRef[] Images)> NewImagesAsync(int count, int side = 64) => await AsOwner(async () =>
    {
        var dataset = await Grains.Workspace(Workspace).CreateDatasetAsync("Images");
        var images = new List<ImageRef>();
        for (var i = 0; i < count; i++)
        {
            var added = await Grains.Dataset(dataset).AddImageAsync(TestImages.Info($"image {i}.png", side, side));
            images.Add(new ImageRef(dataset, added.Id));
        }

        return (dataset, images.ToArray());
    });

    /// <summary>Ends without a word, as a killed process does; the folder stays.</summary>
    public async Task KillAsync()
    {
        foreach (var silo in _cluster.Silos.ToArray())
        {
            await _cluster.KillSiloAsync(silo);
        }

        await _cluster.DisposeAsync();
    }

    /// <summary>Ends in good order; the folder stays.</summary>
    public async Task StopAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }
}

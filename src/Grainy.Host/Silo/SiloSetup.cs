using Grainy.Grains;
using Grainy.Host.Startup;
using Grainy.Storage;
using Orleans.Configuration;

namespace Grainy.Host.Silo;

/// <summary>One silo inside the web process, on the loopback address; nothing outside this machine reaches it.</summary>
internal static class SiloSetup
{
    public static void AddSilo(this WebApplicationBuilder builder, ServerOptions options, DataFolder data)
    {
        builder.Services.AddFileBlobStore(data.Blobs);
        builder.Services.AddHostedService<Sweeping>();
        builder.UseOrleans(silo =>
        {
            // Without a gateway: the only client is this process itself.
            silo.UseLocalhostClustering(options.SiloPort == 0 ? ListenAddresses.FreePort() : options.SiloPort, gatewayPort: 0, serviceId: "grainy", clusterId: "local");
            silo.Configure<SiloOptions>(settings => settings.SiloName = options.Silo);
            silo.Configure<SiloMessagingOptions>(settings => settings.MaxMessageBodySize = 4 << 20);
            silo.AddSqliteGrainStorage(data.Database);
            silo.AddGrainyGrains(grains =>
            {
                grains.Devices = options.DeviceList is { Length: > 0 } named ? named : ["cpu"];
                grains.WeightsFolder = options.Weights;
            });
        });
    }
}

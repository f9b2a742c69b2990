using Grainy.Host.Accounts;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Grainy.Host.Startup;

/// <summary>Says where to go, once the silo and the web server are up. Whoever reads the console is the owner.</summary>
internal sealed class ReadyLine(IServer server, IHostApplicationLifetime lifetime, StartToken token, Readiness readiness) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Announce);
        lifetime.ApplicationStopping.Register(() => readiness.IsReady = false);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Announce()
    {
        readiness.IsReady = true;
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "";
        var reachable = address.Replace("://[::]", "://localhost", StringComparison.Ordinal).Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal);
        Console.Out.WriteLine($"Grainy is ready: {reachable}/start?token={token.Value}");
        Console.Out.Flush();
    }
}

/// <summary>True from the ready line to the beginning of the stop.</summary>
internal sealed class Readiness
{
    private volatile bool _isReady;

    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }
}

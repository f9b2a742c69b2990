using System.Net;
using System.Net.Sockets;

namespace Grainy.Host.Startup;

/// <summary>Where the server listens, checked before anything else is started.</summary>
internal static class ListenAddresses
{
    /// <summary>Settles the addresses in the configuration and checks that each is free.</summary>
    /// <exception cref="StartRefusedException">An address makes no sense or is taken.</exception>
    public static void Settle(WebApplicationBuilder builder, ServerOptions options)
    {
        var urls = builder.Configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } configured ? configured : options.Url;
        builder.WebHost.UseUrls(urls);
        var addresses = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse).ToArray();
        foreach (var address in addresses)
        {
            RequireFree(address);
        }

        // A page of a hostile site whose name resolves to this machine must not reach a server that only serves this machine.
        if (string.IsNullOrEmpty(builder.Configuration["AllowedHosts"]) && addresses.All(IsLoopback))
        {
            builder.Configuration["AllowedHosts"] = "localhost;127.0.0.1;[::1]";
        }
    }

    /// <summary>A port on the loopback address that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.Port is >= 0 and <= 65535 && !address.IsUnixPipe && !address.IsNamedPipe
                ? address
                : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new StartRefusedException($"'{url}' is not an address to listen on; use for example --urls http://127.0.0.1:5080.");
        }
    }

    private static bool IsLoopback(BindingAddress address) =>
        address.Host is "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private static void RequireFree(BindingAddress address)
    {
        var ip = IPAddress.TryParse(address.Host.Trim('[', ']'), out var given) ? given : IsLoopback(address) ? IPAddress.Loopback : IPAddress.Any;
        try
        {
            using var listener = new TcpListener(ip, address.Port);
            listener.Start();
        }
        catch (SocketException failure)
        {
            throw new StartRefusedException(failure.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"Port {address.Port} of {address.Host} is taken by another program; choose another with --urls http://127.0.0.1:{address.Port + 1}.",
                SocketError.AccessDenied => $"This user may not listen on port {address.Port}; choose one above 1023 with --urls http://127.0.0.1:5080.",
                _ => $"The server cannot listen on {address}: {failure.Message}; choose another address with --urls.",
            });
        }
    }
}

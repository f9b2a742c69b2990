using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Host.Decoding;
using Grainy.Host.Endpoints;
using Grainy.Host.Exports;
using Grainy.Host.Live;
using Grainy.Host.Pixels;
using Grainy.Web.Cluster;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.Extensions.Options;

namespace Grainy.Host.Startup;

/// <summary>Options, and what every part of the server uses.</summary>
internal static class CommonServices
{
    /// <summary>Reads and checks the options before anything is started.</summary>
    /// <exception cref="OptionsValidationException">A value makes no sense.</exception>
    public static ServerOptions ReadOptions(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(ServerOptions.Section);
        var known = typeof(ServerOptions).GetProperties().Select(property => property.Name).ToArray();
        if (section.GetChildren().FirstOrDefault(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } strange)
        {
            throw new StartRefusedException($"The option '{strange.Path}' is not known; there are {string.Join(", ", known)}.");
        }

        var options = section.Get<ServerOptions>() ?? new ServerOptions();
        var result = new ServerOptionsValidator().Validate(null, options);
        return result.Failed ? throw new OptionsValidationException(ServerOptions.Section, typeof(ServerOptions), result.Failures) : options;
    }

    public static void AddCommonServices(this WebApplicationBuilder builder, ServerOptions options, DataFolder data)
    {
        // Also outside 'Development': a build output has its web files in other folders, which a manifest names.
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(data);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Readiness>();
        services.AddHostedService<ReadyLine>();
        services.AddSingleton<Draining>();
        services.AddSingleton<RenderCache>();
        services.AddSingleton<Pictures>();
        services.AddSingleton<ResultFiles>();
        services.AddSingleton<BlendExports>();
        services.AddSingleton(_ => new ServerAbilities(BlendAnimation.WhyNot(AnimationFormat.Mp4)));
        services.AddSingleton<EventStreams>();
        if (options.IsolateDecoding)
        {
            services.AddSingleton<IImageDecoder, IsolatedDecoder>();
        }
        else
        {
            services.AddSingleton<IImageDecoder, InProcessDecoder>();
        }

        services.AddExceptionHandler<FailureAnswers>();
        services.AddProblemDetails();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(8));
    }
}

using Grainy.Contracts;
using Grainy.Web.Cluster;
using Grainy.Web.Layout;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor;
using MudBlazor.Services;

namespace Grainy.Web;

/// <summary>What a server calls to carry the pages.</summary>
public static class GrainyWeb
{
    /// <summary>
    /// Services of the pages. The server adds the rest: authentication (claims as <see cref="Person"/> reads them), a grain factory,
    /// logging, and the HTTP endpoints under <c>/api/v1</c>.
    /// </summary>
    public static IServiceCollection AddGrainyWeb(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddCascadingAuthenticationState();
        return services.AddPageServices();
    }

    /// <summary>What the components ask for, without the server that renders them.</summary>
    internal static IServiceCollection AddPageServices(this IServiceCollection services)
    {
        services.AddAuthorizationCore(options =>
            options.AddPolicy(Policies.Account, policy => policy.RequireAssertion(context => CallerClaims.Account(context.User) is not null)));
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            options.SnackbarConfiguration.VisibleStateDuration = 6000;
            options.SnackbarConfiguration.SnackbarVariant = Variant.Filled;
            options.SnackbarConfiguration.ShowTransitionDuration = 120;
            options.SnackbarConfiguration.HideTransitionDuration = 120;
        });

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ILiveReferences, ClusterLiveReferences>();
        services.TryAddSingleton<LiveHub>();
        services.TryAddSingleton(new ServerAbilities("This server has no ffmpeg, which writes MP4 files."));
        services.TryAddScoped<UserGrains>();
        services.TryAddScoped<ThemeChoice>();
        return services;
    }

    /// <summary>Maps the pages and the files that they load. The server has authentication, authorisation and antiforgery in its pipeline.</summary>
    public static void MapGrainyWeb(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapStaticAssets().AllowAnonymous();
        endpoints.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}

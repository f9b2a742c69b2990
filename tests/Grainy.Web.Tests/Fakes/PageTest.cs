using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Grainy.Web.Cluster;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace Grainy.Web.Tests.Fakes;

/// <summary>A page in a circuit of a signed-in person, over grains in memory. Scripts are answered loosely: they are checked in a browser.</summary>
/// <remarks>A click is made inside <c>WaitForAssertion</c>: the page may render between finding an element and clicking it, and then the element is another one.</remarks>
public abstract class PageTest : BunitContext
{
    protected PageTest()
    {
        Services.AddPageServices();
        Services.AddSingleton(Cluster.Factory);
        Services.AddSingleton<ILiveReferences>(Cluster);
        Services.AddSingleton<TimeProvider>(Clock);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Person = AddAuthorization();
        Person.SetAuthorized("ana");
        Person.SetClaims(new Claim(ClaimTypes.NameIdentifier, "u1"));
        Person.SetPolicies(Policies.Account, Contracts.CallerClaims.RoomPolicy);
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        DefaultWaitTimeout = TimeSpan.FromSeconds(10);
    }

    internal FakeCluster Cluster { get; } = new();

    protected PromptClock Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    protected BunitAuthorizationContext Person { get; }

    protected UserGrains Grains => Services.GetRequiredService<UserGrains>();

    /// <summary>A page beside the providers that the layout carries.</summary>
    protected IRenderedComponent<IComponent> ShowPage<TPage>(Action<Dictionary<string, object?>>? parameters = null)
        where TPage : IComponent
    {
        var values = new Dictionary<string, object?>();
        parameters?.Invoke(values);
        return Render(builder =>
        {
            builder.OpenComponent<MudPopoverProvider>(0);
            builder.CloseComponent();
            builder.OpenComponent<MudDialogProvider>(1);
            builder.CloseComponent();
            builder.OpenComponent<MudSnackbarProvider>(2);
            builder.CloseComponent();
            builder.OpenComponent<TPage>(3);
            builder.AddMultipleAttributes(4, values!);
            builder.CloseComponent();
        });
    }
}

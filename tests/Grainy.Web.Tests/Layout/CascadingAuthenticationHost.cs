using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;

namespace Grainy.Web.Tests.Layout;

/// <summary>Cascades who is signed in, as the server does for its root component.</summary>
public sealed class CascadingAuthenticationHost : ComponentBase
{
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<CascadingAuthenticationState>(0);
        builder.AddComponentParameter(1, nameof(CascadingAuthenticationState.ChildContent), ChildContent);
        builder.CloseComponent();
    }
}

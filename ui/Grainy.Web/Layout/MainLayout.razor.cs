using Grainy.Web.Cluster;
using Grainy.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace Grainy.Web.Layout;

public sealed partial class MainLayout
{
    private ErrorBoundary? _boundary;
    private Person? _person;
    private bool _guest;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Inject]
    private ThemeChoice ThemeChoice { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    public void Dispose() => ThemeChoice.Changed -= StateHasChanged;

    protected override async Task OnInitializedAsync()
    {
        ThemeChoice.Changed += StateHasChanged;
        if (Authentication is not null)
        {
            _person = Person.From((await Authentication).User);
            _guest = _person is null or { IsGuest: true };
        }
    }

    protected override void OnParametersSet() => _boundary?.Recover();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await using var app = new JsModule(Js, "app.js");
            await app.CallAsync("live");
        }
    }

    private async Task ToggleThemeAsync()
    {
        var theme = ThemeChoice.Toggle();
        await using var app = new JsModule(Js, "app.js");
        await app.CallAsync("setTheme", theme);
    }

    private void Recover() => _boundary?.Recover();
}

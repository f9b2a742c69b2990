using Grainy.Contracts;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Grainy.Web.Shared.ImageViewer;

/// <summary>Two pictures of one scene under a divider. Pixels come by HTTP; zoom, pan and divider are the script's.</summary>
public sealed partial class SplitViewer : IAsyncDisposable
{
    private readonly string _id = $"viewer-{Guid.NewGuid():N}";
    private ElementReference _root;
    private JsModule? _script;
    private object? _shown;
    private SessionId? _entered;

    /// <summary>Shown left of the divider.</summary>
    [Parameter, EditorRequired]
    public ViewerSide Left { get; set; } = null!;

    /// <summary>Shown right of the divider.</summary>
    [Parameter, EditorRequired]
    public ViewerSide Right { get; set; } = null!;

    /// <summary>Of both pictures, in pixels.</summary>
    [Parameter, EditorRequired]
    public int Width { get; set; }

    /// <summary>Of both pictures, in pixels.</summary>
    [Parameter, EditorRequired]
    public int Height { get; set; }

    /// <summary>Laid over both pictures; null for none.</summary>
    [Parameter]
    public MapOverlay? Map { get; set; }

    /// <summary>The live room in which the divider is shared.</summary>
    [Parameter]
    public SessionId? Room { get; set; }

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private string KeysId => $"{_id}-keys";

    private object Options => new { id = _id, width = Width, height = Height, left = Left, right = Right, map = Map };

    public async ValueTask DisposeAsync()
    {
        if (_script is not null)
        {
            await _script.CallAsync("detach", _id);
            await _script.DisposeAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var shown = (Left, Right, Width, Height, Map);
        if (firstRender)
        {
            _shown = shown;
            _script = new JsModule(Js, "viewer.js");
            await _script.CallAsync("attach", _root, Options);
        }
        else if (_script is not null && !shown.Equals(_shown))
        {
            _shown = shown;
            await _script.CallAsync("update", _id, Options);
        }

        if (Room is { } room && _entered != Room && _script is not null)
        {
            _entered = Room;
            await _script.CallAsync("enter", _id, new { session = room.Value, field = "divider" });
        }
    }
}

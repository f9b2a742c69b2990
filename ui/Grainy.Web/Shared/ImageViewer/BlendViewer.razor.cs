using Grainy.Contracts;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Grainy.Web.Shared.ImageViewer;

/// <summary>A blend under a slider: computed frames where there are some, a pixel mix labelled as such elsewhere.</summary>
public sealed partial class BlendViewer : IAsyncDisposable
{
    private readonly string _id = $"blend-{Guid.NewGuid():N}";
    private ElementReference _root;
    private JsModule? _script;
    private IReadOnlyList<BlendPicture>? _shown;
    private SessionId? _entered;

    /// <summary>Weight 0.</summary>
    [Parameter, EditorRequired]
    public ViewerSide Left { get; set; } = null!;

    /// <summary>Weight 1.</summary>
    [Parameter, EditorRequired]
    public ViewerSide Right { get; set; } = null!;

    /// <summary>Of both ends, in pixels.</summary>
    [Parameter, EditorRequired]
    public int Width { get; set; }

    /// <summary>Of both ends, in pixels.</summary>
    [Parameter, EditorRequired]
    public int Height { get; set; }

    /// <summary>Frames in all, with both ends.</summary>
    [Parameter, EditorRequired]
    public int Count { get; set; }

    /// <summary>Frames that are computed.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<BlendPicture> Frames { get; set; } = [];

    /// <summary>The live room in which the slider is shared.</summary>
    [Parameter]
    public SessionId? Room { get; set; }

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private object Options => new { id = _id, width = Width, height = Height, left = Left, right = Right, count = Count, frames = Frames };

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
        if (firstRender)
        {
            _shown = Frames;
            _script = new JsModule(Js, "blend.js");
            await _script.CallAsync("attach", _root, Options);
        }
        else if (_script is not null && _shown is not null && !_shown.SequenceEqual(Frames))
        {
            _shown = Frames;
            await _script.CallAsync("update", _id, Options);
        }

        if (Room is { } room && _entered != Room && _script is not null)
        {
            _entered = Room;
            await _script.CallAsync("enter", _id, new { session = room.Value, field = "blend" });
        }
    }
}

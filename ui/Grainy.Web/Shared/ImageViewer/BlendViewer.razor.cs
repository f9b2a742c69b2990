using Grainy.Contracts;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Grainy.Web.Shared.ImageViewer;

/// <summary>A blend of two to four images: computed frames where there are some, a pixel mix labelled as such elsewhere.</summary>
public sealed partial class BlendViewer : IAsyncDisposable
{
    /// <summary>All the names that one and the same picture goes by, so that nobody looks for a difference between them.</summary>
    private const string MixHint =
        "The weighted mean of the pixels (X; hold Shift to peek). It is also the straight line from image to image, and the barycentre under plain squared error (L2): "
        + "one picture, three names.";

    private readonly string _id = $"blend-{Guid.NewGuid():N}";
    private ElementReference _root;
    private JsModule? _script;
    private string? _shown;
    private SessionId? _entered;

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public BlendScene Scene { get; set; } = null!;

    /// <summary>True for people who may have frames computed.</summary>
    [Parameter]
    public bool MayAsk { get; set; }

    /// <summary>The live room in which the place is shared.</summary>
    [Parameter]
    public SessionId? Room { get; set; }

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private string KeysId => $"{_id}-keys";

    private string Names => string.Join(", ", Scene.Images.Select(image => image.Name));

    private string Keys => Scene.Images.Count switch
    {
        2 => "← → slider · 1 2 ends · X pixel mix · S steps · F fits",
        3 => "arrows move · 1 2 3 corners · X pixel mix · S steps · F fits",
        _ => "1 2 3 4 images · X pixel mix · S steps · F fits",
    };

    private object Options => new
    {
        id = _id,
        blend = Scene.Blend.Value,
        width = Scene.Width,
        height = Scene.Height,
        small = Scene.Size <= 512,
        parts = Scene.Parts,
        computing = Scene.Computing,
        mayAsk = MayAsk,
        anywhere = Scene.Anywhere,
        plain = Scene.IsPixelMix,
        images = Scene.Images,
        targets = Scene.Targets,
        axis = Scene.Axis,
        frames = Scene.Frames,
    };

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
        var version = Scene.Version;
        if (firstRender)
        {
            _shown = version;
            _script = new JsModule(Js, "blend.js");
            await _script.CallAsync("attach", _root, Options);
        }
        else if (_script is not null && _shown != version)
        {
            _shown = version;
            await _script.CallAsync("update", _id, Options);
        }

        if (Room is { } room && _entered != Room && _script is not null)
        {
            _entered = Room;
            await _script.CallAsync("enter", _id, new { session = room.Value, field = "blend" });
        }
    }
}

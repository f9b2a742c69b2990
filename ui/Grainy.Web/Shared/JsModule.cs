using Microsoft.JSInterop;

namespace Grainy.Web.Shared;

/// <summary>One of the scripts under <c>js/</c>, loaded at its first call. A browser that has gone away is no error.</summary>
internal sealed class JsModule(IJSRuntime js, string file) : IAsyncDisposable
{
    private IJSObjectReference? _module;

    /// <summary>Calls an exported function; null when the browser is gone.</summary>
    public async Task<T?> CallAsync<T>(string name, params object?[] arguments)
    {
        try
        {
            return await (await ModuleAsync()).InvokeAsync<T>(name, arguments);
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return default;
        }
    }

    /// <summary>Calls an exported function without an answer.</summary>
    public async Task CallAsync(string name, params object?[] arguments)
    {
        try
        {
            await (await ModuleAsync()).InvokeVoidAsync(name, arguments);
        }
        catch (Exception gone) when (IsGone(gone))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
        }
    }

    private static bool IsGone(Exception problem) => problem is JSDisconnectedException or TaskCanceledException or ObjectDisposedException;

    private async Task<IJSObjectReference> ModuleAsync() =>
        _module ??= await js.InvokeAsync<IJSObjectReference>("import", $"/_content/Grainy.Web/js/{file}");
}

using System.Collections.Concurrent;
using Grainy.Host.Startup;

namespace Grainy.Host.Pixels;

/// <summary>
/// Rendered pictures as files in the cache folder, each rendered once however many ask at the same time. Names come from content hashes, so nothing in it is
/// ever out of date, and all of it may be deleted at any time.
/// </summary>
internal sealed class RenderCache(DataFolder data) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _running = new();

    // A float image of 24 megapixels takes 300 MB while it is rendered: few at a time.
    private readonly SemaphoreSlim _places = new(2);

    /// <summary>Path of the file; <paramref name="render"/> writes it where it is not there yet.</summary>
    public async Task<string> GetAsync(string name, Func<Stream, Task> render)
    {
        var path = Path.Combine(data.Cache, name[..2], name);
        if (File.Exists(path))
        {
            return path;
        }

        var running = _running.GetOrAdd(name, _ => new Lazy<Task<string>>(() => RenderAsync(path, render)));
        try
        {
            return await running.Value;
        }
        finally
        {
            _running.TryRemove(new(name, running));
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<string> RenderAsync(string path, Func<Stream, Task> render)
    {
        await _places.WaitAsync();
        var temporary = $"{path}.{Guid.NewGuid():n}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var file = File.Create(temporary))
            {
                await Task.Run(() => render(file));
            }

            File.Move(temporary, path, overwrite: true);
            return path;
        }
        finally
        {
            File.Delete(temporary);
            _places.Release();
        }
    }
}

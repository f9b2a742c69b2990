using System.Security.Cryptography;

namespace Grainy.Core.Weights.Downloads;

/// <summary>What has come of a file so far, kept over interruptions, and the mark by which the server tells its versions apart.</summary>
internal sealed class PartialFile : IDisposable
{
    private readonly FileStream _file;
    private readonly string _mark;

    /// <summary>Opens or makes the file; nobody else may use it meanwhile.</summary>
    /// <exception cref="WeightDownloadException">Somebody else does.</exception>
    public PartialFile(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        (Path, _mark) = (System.IO.Path.Combine(folder, name + ".part"), System.IO.Path.Combine(folder, name + ".mark"));
        try
        {
            _file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException busy) when (File.Exists(Path))
        {
            throw new WeightDownloadException($"'{Path}' is in use: {name} seems to be on its way already; wait for that download, or remove the file.", busy);
        }

        Resumed = _file.Length > 0;
    }

    public string Path { get; }

    public long Length => _file.Length;

    /// <summary>True while the file begins with what an earlier download left.</summary>
    public bool Resumed { get; private set; }

    /// <summary>The mark of what is here, if it came from that address.</summary>
    public string? MarkOf(Uri address) => File.Exists(_mark) && File.ReadAllLines(_mark) is [var from, var mark] && from == address.AbsoluteUri ? mark : null;

    public void SetMark(Uri address, string? mark)
    {
        if (mark is null)
        {
            File.Delete(_mark);
        }
        else
        {
            File.WriteAllLines(_mark, [address.AbsoluteUri, mark]);
        }
    }

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        _file.Position = _file.Length;
        await _file.WriteAsync(bytes, stop);
    }

    /// <summary>Forgets all that has come.</summary>
    public void Clear()
    {
        _file.SetLength(0);
        File.Delete(_mark);
        Resumed = false;
    }

    public async Task<string> Sha256Async(CancellationToken stop)
    {
        await _file.FlushAsync(stop);
        _file.Position = 0;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(_file, stop));
    }

    /// <summary>Closes the file, so that it can be read; it stays on the disk.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Removes the closed file, its mark, and their folder if it is empty; keeps them where something has come that is still needed.</summary>
    public void Leave(bool needed)
    {
        if (needed && new FileInfo(Path) is { Exists: true, Length: > 0 })
        {
            return;
        }

        File.Delete(Path);
        File.Delete(_mark);
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }
}

namespace Grainy.Core.Weights.Downloads;

/// <summary>How official files are fetched.</summary>
public sealed record DownloadOptions
{
    /// <summary>
    /// Base address of a mirror that offers the official files under their own names; null: the official addresses. May carry <c>user:password@</c>.
    /// </summary>
    public Uri? Mirror { get; init; }

    /// <summary>
    /// For example <c>http://user:password@proxy:3128</c>; null: what the environment says (<c>https_proxy</c>, <c>http_proxy</c>, <c>all_proxy</c>,
    /// <c>no_proxy</c>).
    /// </summary>
    public Uri? Proxy { get; init; }

    /// <summary>How often a connection is tried before the download is given up; each goes on where the last one ended. Default 3.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Pause after the first failure; doubled after each further one. Default 1 second.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time without a single byte, connecting included, before a connection counts as dead. Default 30 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>How far the download of one file is.</summary>
/// <param name="Name">Name of the weights.</param>
/// <param name="Received">Bytes on the disk, those of earlier attempts included.</param>
/// <param name="Size">Bytes of the whole file.</param>
/// <param name="Trouble">Why it rests and will be tried again, for people; null while it runs.</param>
public readonly record struct DownloadProgress(string Name, long Received, long Size, string? Trouble = null);

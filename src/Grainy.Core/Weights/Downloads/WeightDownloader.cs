namespace Grainy.Core.Weights.Downloads;

/// <summary>
/// Fetches official files, verifies their SHA-256, and imports them. What has come stays over an interruption and the next call goes on from there; nothing is
/// installed before it is whole and verified.
/// </summary>
/// <param name="options">Addresses, proxy, patience.</param>
/// <param name="clock">Measures pauses.</param>
public sealed class WeightDownloader(DownloadOptions options, TimeProvider clock) : IDisposable
{
    private const int Headway = 1 << 16;

    private readonly HttpTransfer _transfer = new(options, clock);

    /// <summary>Fetches and imports weights.</summary>
    /// <param name="known">Which.</param>
    /// <param name="folder">Where to put them; made if missing.</param>
    /// <param name="report">Is called often, from any thread.</param>
    /// <exception cref="WeightDownloadException">They cannot be fetched, or what came is not the official file.</exception>
    /// <exception cref="WeightFormatException">The official file cannot be read.</exception>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public async Task<ImportedWeights> PullAsync(KnownWeight known, string folder, Action<DownloadProgress> report, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(report);
        var part = new PartialFile(Path.Combine(folder, ".downloads"), known.Name);
        var needed = true;
        try
        {
            await FetchVerifiedAsync(known, part, report, stop);
            part.Dispose();
            var imported = WeightImport.Import(part.Path, folder, [known], known.File.FileName);
            needed = false;
            return imported;
        }
        finally
        {
            part.Dispose();
            part.Leave(needed);
        }
    }

    /// <summary>Ends all connections.</summary>
    public void Dispose() => _transfer.Dispose();

    private async Task FetchVerifiedAsync(KnownWeight known, PartialFile part, Action<DownloadProgress> report, CancellationToken stop)
    {
        var file = known.File;
        while (true)
        {
            if (part.Length > file.Size)
            {
                part.Clear();
            }

            var resumed = part.Resumed;
            await FetchAsync(known, part, report, stop);
            var hash = await part.Sha256Async(stop);
            if (hash == file.Sha256)
            {
                return;
            }

            // What an earlier download left may be of another version: only a file that came in one piece proves anything.
            resumed &= part.Resumed;
            part.Clear();
            if (!resumed)
            {
                throw new WeightDownloadException(
                    $"What {Shown(AddressOf(file))} sent is not the official {file.FileName} (its SHA-256 is {hash}, not {file.Sha256}): nothing was installed; "
                    + $"try another mirror, or get the file yourself and run 'grainy weights import {file.FileName}'.");
            }
        }
    }

    private async Task FetchAsync(KnownWeight known, PartialFile part, Action<DownloadProgress> report, CancellationToken stop)
    {
        var address = AddressOf(known.File);
        for (var attempt = 1; part.Length < known.File.Size; attempt++)
        {
            var before = part.Length;
            try
            {
                await _transfer.ContinueAsync(known, address, part, report, stop);
            }
            catch (PassingFailureException failure) when (attempt < options.Attempts)
            {
                // A long download over a poor line is no failure as long as it gets on.
                attempt = part.Length > before + Headway ? 1 : attempt;
                var pause = failure.Pause ?? (options.FirstPause * Math.Pow(2, attempt - 1));
                report(new DownloadProgress(known.Name, part.Length, known.File.Size, failure.Message));
                await Task.Delay(pause, clock, stop);
            }
            catch (PassingFailureException failure)
            {
                var kept = part.Length > 0 ? $" ({part.Length} of {known.File.Size} bytes are kept, and the next try goes on from there)" : "";
                throw new WeightDownloadException($"{HttpTransfer.CannotFetch(known, Shown(address), failure.Message)}{kept}.", failure);
            }
        }
    }

    private Uri AddressOf(OfficialFile file) => options.Mirror is not { } mirror
        ? file.Address
        : new UriBuilder(mirror) { Path = $"{mirror.AbsolutePath.TrimEnd('/')}/{file.FileName}" }.Uri;

    // A password in an address is nobody's business.
    private static string Shown(Uri address) => address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
}

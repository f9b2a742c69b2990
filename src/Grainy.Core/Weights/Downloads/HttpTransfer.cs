using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Grainy.Core.Weights.Downloads;

/// <summary>One connection at a time: asks for what is missing of a file and appends what comes.</summary>
internal sealed class HttpTransfer(DownloadOptions options, TimeProvider clock) : IDisposable
{
    private const int Piece = 1 << 16;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = Client(options);

    public void Dispose() => _http.Dispose();

    public static string CannotFetch(KnownWeight known, string address, string why) =>
        $"{known.Name} cannot be fetched from {address} ({why}): get {known.File.FileName} on a machine with a network and run "
        + $"'grainy weights import {known.File.FileName}', or name a mirror with --from or a proxy with --proxy";

    /// <summary>Appends to <paramref name="part"/> until the file is whole.</summary>
    /// <exception cref="PassingFailureException">The connection failed or ended early.</exception>
    /// <exception cref="WeightDownloadException">The server has no such file or another one.</exception>
    public async Task ContinueAsync(KnownWeight known, Uri address, PartialFile part, Action<DownloadProgress> report, CancellationToken stop)
    {
        using var request = Request(address, part);
        using var response = await PatientlyAsync(token => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), stop);
        Judge(known, address, part, response);
        await using var content = await PatientlyAsync(response.Content.ReadAsStreamAsync, stop);
        var piece = new byte[Piece];
        report(new DownloadProgress(known.Name, part.Length, known.File.Size));
        while (await PatientlyAsync(token => content.ReadAsync(piece, token).AsTask(), stop) is var count and > 0)
        {
            if (part.Length + count > known.File.Size)
            {
                part.Clear();
                throw Another(known, address, $"more than {known.File.Size} bytes");
            }

            await part.AppendAsync(piece.AsMemory(0, count), stop);
            report(new DownloadProgress(known.Name, part.Length, known.File.Size));
        }

        if (part.Length < known.File.Size)
        {
            throw new PassingFailureException("the connection ended before the file did");
        }
    }

    private static HttpRequestMessage Request(Uri address, PartialFile part)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(address) { UserName = "", Password = "" }.Uri);
        if (address.UserInfo.Length > 0)
        {
            var secret = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(secret));
        }

        if (part.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(part.Length, null);
            if (part.MarkOf(address) is { } mark)
            {
                request.Headers.IfRange = RangeConditionHeaderValue.Parse(mark);
            }
        }

        return request;
    }

    private void Judge(KnownWeight known, Uri address, PartialFile part, HttpResponseMessage response)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == part.Length:
                break;
            case HttpStatusCode.OK:
                part.Clear(); // a server without ranges, or a newer version of the file: all of it comes
                break;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                part.Clear();
                throw new PassingFailureException("the server sent another part of the file than it was asked for");
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                throw new PassingFailureException(Status(response), PauseOf(response));
            default:
                throw new WeightDownloadException($"{CannotFetch(known, Shown(address), Status(response))}.");
        }

        var size = response.Content.Headers.ContentRange?.Length ?? (response.StatusCode == HttpStatusCode.OK ? response.Content.Headers.ContentLength : null);
        if (size is { } offered && offered != known.File.Size)
        {
            throw Another(known, address, $"a file of {offered} bytes");
        }

        part.SetMark(address, response.Headers.ETag is { IsWeak: false } tag ? tag.ToString() : response.Content.Headers.LastModified?.ToString("R"));
    }

    private static WeightDownloadException Another(KnownWeight known, Uri address, string what) => new(
        $"{Shown(address)} offers {what} where the official {known.File.FileName} has {known.File.Size}: nothing was installed; "
        + $"try another mirror, or get the file yourself and run 'grainy weights import {known.File.FileName}'.");

    private static string Status(HttpResponseMessage response) => $"the server answers {(int)response.StatusCode} {response.ReasonPhrase}";

    private TimeSpan? PauseOf(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date - clock.GetUtcNow());
        return asked is not { } pause ? null : pause < TimeSpan.Zero ? TimeSpan.Zero : pause > LongestPause ? LongestPause : pause;
    }

    // Anything that goes wrong between here and the server may pass; silence counts as going wrong.
    private async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken stop)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
        silence.CancelAfter(options.Patience);
        try
        {
            return await work(silence.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new PassingFailureException($"nothing came for {options.Patience.TotalSeconds:F0} s");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new PassingFailureException(Reason(failure), inner: failure);
        }
    }

    private static string Reason(Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the name of the server cannot be resolved; there seems to be no network",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => $"no secure connection: {Innermost(failure).Message.TrimEnd('.')}",
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => $"the proxy refuses: {failure.Message.TrimEnd('.')}",
        _ when Innermost(failure) is SocketException socket => $"no connection: {socket.Message.TrimEnd('.')}",
        HttpRequestException or HttpIOException => "the connection ended before the file did",
        _ => $"the connection broke: {Innermost(failure).Message.TrimEnd('.')}",
    };

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    private static string Shown(Uri address) => address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);

    private static HttpClient Client(DownloadOptions options)
    {
        // A mirror on this very machine is not behind the environment's proxy.
        var handler = new SocketsHttpHandler { ConnectTimeout = options.Patience, UseProxy = options.Proxy is not null || options.Mirror?.IsLoopback != true };
        if (options.Proxy is { } proxy)
        {
            handler.Proxy = new WebProxy(new UriBuilder(proxy) { UserName = "", Password = "" }.Uri) { Credentials = CredentialsOf(proxy) };
        }

        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("grainy", typeof(HttpTransfer).Assembly.GetName().Version?.ToString(3)));
        return http;
    }

    private static NetworkCredential? CredentialsOf(Uri proxy) => proxy.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var rest]
        ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(rest is [var password] ? password : ""))
        : null;
}

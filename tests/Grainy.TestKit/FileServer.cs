using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Grainy.TestKit;

/// <summary>What a <see cref="FileServer"/> answers to one request.</summary>
/// <param name="Status">For example 200.</param>
/// <param name="Headers">Lines without their ends.</param>
/// <param name="Body">What comes after them.</param>
/// <param name="CutAfter">Breaks the connection after that many bytes of the body; null: sends all.</param>
public sealed record FileAnswer(int Status, IReadOnlyList<string> Headers, byte[] Body, int? CutAfter = null)
{
    public static FileAnswer Of(int status, params string[] headers) => new(status, headers, []);

    /// <summary>A whole file, or what is asked for of it, as servers with ranges and marks do.</summary>
    public static FileAnswer Ranged(byte[] content, FileRequest request, string mark)
    {
        string[] common = ["Accept-Ranges: bytes", $"ETag: {mark}"];
        if (request.Header("Range") is not { } range || (request.Header("If-Range") is { } condition && condition != mark))
        {
            return new FileAnswer(200, common, content);
        }

        var start = int.Parse(range.Replace("bytes=", "").TrimEnd('-'), CultureInfo.InvariantCulture);
        return start < content.Length
            ? new FileAnswer(206, [.. common, $"Content-Range: bytes {start}-{content.Length - 1}/{content.Length}"], content[start..])
            : new FileAnswer(416, [.. common, $"Content-Range: bytes */{content.Length}"], []);
    }
}

/// <summary>A request as it came.</summary>
/// <param name="Target">The path; the whole address when the server is used as a proxy.</param>
/// <param name="Lines">The headers.</param>
public sealed record FileRequest(string Target, IReadOnlyList<string> Lines)
{
    public string? Header(string name) => Lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}

/// <summary>A small HTTP server on the loopback interface whose faults are chosen by the test: one request per connection.</summary>
public sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<FileRequest, FileAnswer> _answer;

    /// <summary>Starts on a free port.</summary>
    public FileServer(Func<FileRequest, FileAnswer> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = ListenAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>In the order in which they came.</summary>
    public ConcurrentQueue<FileRequest> Requests { get; } = new();

    /// <summary>An address where nobody listens.</summary>
    public static Uri NobodyThere()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }

    public void Dispose() => _listener.Dispose();

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
            var target = (await reader.ReadLineAsync() ?? "").Split(' ').ElementAtOrDefault(1) ?? "";
            var lines = new List<string>();
            while (await reader.ReadLineAsync() is { Length: > 0 } line)
            {
                lines.Add(line);
            }

            var request = new FileRequest(target, lines);
            Requests.Enqueue(request);
            var answer = _answer(request);
            IEnumerable<string> length = answer.Headers.Contains("Transfer-Encoding: chunked") ? [] : [$"Content-Length: {answer.Body.Length}"];
            IEnumerable<string> head = [$"HTTP/1.1 {answer.Status} Test", .. answer.Headers, .. length, "Connection: close", "", ""];
            await stream.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", head)));
            await stream.WriteAsync(answer.Body.AsMemory(0, Math.Min(answer.CutAfter ?? int.MaxValue, answer.Body.Length)));
        }
        catch (IOException)
        {
            // The client went away.
        }
    }
}

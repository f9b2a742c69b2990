using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Grainy.Host.Tests;

/// <summary>Keeps cookies and does not follow redirects; speaks the API and the forms.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient _client;

    public Browser(Uri address)
    {
        Cookies = new CookieContainer();
        _client = new HttpClient(new HttpClientHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public CookieContainer Cookies { get; }

    /// <summary>The owner, signed in by the start link.</summary>
    public static async Task<Browser> SignedInAsync(ServerProcess server)
    {
        var browser = new Browser(server.Address);
        using var answer = await browser.GetAsync(new Uri(server.StartLink).PathAndQuery);
        answer.Headers.Location?.OriginalString.ShouldBe("/library", server.Output);
        return browser;
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? etag = null, bool headersOnly = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (etag is not null)
        {
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(etag));
        }

        return _client.SendAsync(request, headersOnly ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead);
    }

    public async Task<JsonElement> ReadAsync(string path)
    {
        using var answer = await GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent content, bool withHeader = true)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (withHeader)
        {
            request.Headers.Add("X-Grainy", "1");
        }

        return _client.SendAsync(request);
    }

    public async Task<JsonElement> PostJsonAsync(string path, object body)
    {
        using var answer = await PostAsync(path, JsonContent.Create(body));
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {await answer.Content.ReadAsStringAsync()}");
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> UploadAsync(string dataset, string name, byte[] bytes)
    {
        using var answer = await PostAsync($"/api/v1/datasets/{dataset}/images?name={Uri.EscapeDataString(name)}", new ByteArrayContent(bytes));
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    public async Task<string> NewDatasetAsync(string name) => (await PostJsonAsync("/api/v1/datasets", new { name })).GetProperty("id").GetString()!;

    /// <summary>Opens a page with a form and sends it back with its hidden token.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string path, IReadOnlyDictionary<string, string> fields)
    {
        using var page = await GetAsync(path);
        var html = await page.Content.ReadAsStringAsync();
        var token = Token().Match(html);
        token.Success.ShouldBeTrue($"{path} has no form with a token: {html}");
        return await _client.PostAsync(
            new Uri(path.Split('?')[0], UriKind.Relative), new FormUrlEncodedContent(fields.Append(new("__RequestVerificationToken", WebUtility.HtmlDecode(token.Groups["value"].Value)))));
    }

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<value>[^\"]+)\"")]
    private static partial Regex Token();
}

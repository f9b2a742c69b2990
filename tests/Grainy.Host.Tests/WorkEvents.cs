using System.Text.Json;

namespace Grainy.Host.Tests;

/// <summary>Waiting by server-sent events.</summary>
internal static class WorkEvents
{
    private static readonly string[] Ends = ["succeeded", "failed", "cancelled"];

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    /// <summary>The next state of a stream that is wanted.</summary>
    public static async Task<JsonElement> NextAsync(StreamReader events, Func<JsonElement, bool> wanted)
    {
        while (await events.ReadLineAsync(Ended) is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal) && JsonDocument.Parse(line[6..]).RootElement is var snapshot && wanted(snapshot))
            {
                return snapshot;
            }
        }

        throw new InvalidOperationException("The events ended before the wanted one came.");
    }

    /// <summary>Follows the job of a blend or a comparison to its end, which must be a good one.</summary>
    /// <param name="path">Of what the job works for.</param>
    public static async Task WorkedAsync(this Browser browser, string path)
    {
        var job = (await browser.ReadAsync(path)).GetProperty("job").GetString();
        using var opened = await browser.GetAsync($"/api/v1/jobs/{job}/events", headersOnly: true);
        using var events = new StreamReader(await opened.Content.ReadAsStreamAsync(Ended));
        var end = await NextAsync(events, snapshot => snapshot.TryGetProperty("state", out var state) && Ends.Contains(state.GetString()));
        end.GetProperty("state").GetString().ShouldBe("succeeded", end.ToString());
    }
}

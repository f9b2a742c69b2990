using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grainy.Core.Images;

namespace Grainy.Host.Tests;

[Collection(SharedServer.Name)]
public sealed class ComparisonTests(RunningServer server)
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_images_should_be_compared_and_their_values_taken_along_as_csv_and_json()
    {
        var id = await CompareAsync("reference", ["psnr", "ssim"], 0, 0, 3); // the second has the contents of the first
        var cells = await MeasuredAsync(id, 4);

        using var csv = await server.Owner.GetAsync($"/api/v1/comparisons/{id}/scores.csv");
        var lines = (await csv.Content.ReadAsStringAsync(Ended)).Split("\r\n");
        var rows = await server.Owner.ReadAsync($"/api/v1/comparisons/{id}/scores.json");
        using var third = await server.Owner.GetAsync($"/api/v1/comparisons/{id}/images/2/128.png");
        using var none = await server.Owner.GetAsync($"/api/v1/comparisons/{id}/images/3/128.png");

        cells[0].GetProperty("score").GetProperty("value").GetString().ShouldBe("Infinity");
        csv.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        lines[0].ShouldBe("first,second,metric,value,standard_error,samples,seed,final,fingerprint,problem");
        lines[1].ShouldStartWith("'=0.png,1.png,psnr,Infinity,,1,1,true,"); // what a spreadsheet would take for a formula is made harmless
        lines.Length.ShouldBe(6);
        rows.GetArrayLength().ShouldBe(4);
        rows[3].GetProperty("metric").GetString().ShouldBe("ssim");
        rows[3].GetProperty("value").GetDouble().ShouldBeInRange(0.1, 0.999);
        third.StatusCode.ShouldBe(HttpStatusCode.OK);
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Refining_exact_values_should_be_refused_with_a_sentence()
    {
        var id = await CompareAsync("matrix", ["psnr"], 0, 2);
        await MeasuredAsync(id, 1);

        using var answer = await server.Owner.PostAsync($"/api/v1/comparisons/{id}/refine", JsonContent.Create(new { metric = "psnr" }));

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Ended)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("exact");
    }

    [Fact]
    public async Task Senseless_comparison_should_be_refused_with_a_sentence()
    {
        using var answer = await server.Owner.PostAsync("/api/v1/comparisons", JsonContent.Create(new { layout = "matrix" }));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Ended)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("needs images");
    }

    [Theory, InlineData("cells"), InlineData("images"), InlineData("scores.csv"), InlineData("scores.json")]
    public async Task Strangers_should_read_nothing(string part)
    {
        using var stranger = server.Stranger;

        using var answer = await stranger.GetAsync($"/api/v1/comparisons/cmp-00000000000000000000000000000000/{part}");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<string> CompareAsync(string layout, string[] metrics, params float[] offsets)
    {
        var dataset = await server.Owner.NewDatasetAsync("compared");
        var images = new List<object>();
        foreach (var (index, offset) in offsets.Index())
        {
            var name = index == 0 ? "=0.png" : $"{index}.png";
            var (_, image) = await server.Owner.UploadAsync(dataset, name, TestFiles.Write(TestFiles.Picture(offset: offset), OutputFormat.Png8));
            images.Add(new { dataset, image = image.GetProperty("id").GetString() });
        }

        return (await server.Owner.PostJsonAsync("/api/v1/comparisons", new { layout, images, metrics })).GetProperty("id").GetString()!;
    }

    private async Task<JsonElement[]> MeasuredAsync(string id, int cells)
    {
        await server.Owner.WorkedAsync($"/api/v1/comparisons/{id}");
        var read = (await server.Owner.ReadAsync($"/api/v1/comparisons/{id}/cells")).EnumerateArray().ToArray();
        read.Count(cell => cell.GetProperty("state").GetString() == "done").ShouldBe(cells);
        return [.. read.OrderBy(cell => cell.GetProperty("pair").GetInt32()).ThenBy(cell => cell.GetProperty("metric").GetString())];
    }
}

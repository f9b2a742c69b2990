using Grainy.Cli.Scoring;
using Grainy.Core.Metrics;

namespace Grainy.Cli.Tests;

public sealed class ScoringTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("*.png", "a.png", "b.png")]
    [InlineData("?.png", "a.png", "b.png")]
    [InlineData("in/*", "in/c.png", "in/d.txt")]
    [InlineData("*/*.png", "in/c.png", "in2/deep.png")]
    [InlineData("**/*.png", "a.png", "b.png", "in/c.png", "in/deeper/e.png", "in2/deep.png")]
    [InlineData("in/**", "in/c.png", "in/d.txt", "in/deeper/e.png")]
    [InlineData("no*thing")]
    public void Pattern_should_find_files_in_order_and_no_hidden_ones(string pattern, params string[] expected)
    {
        foreach (var file in new[] { "b.png", "a.png", "in/d.txt", "in/c.png", "in/deeper/e.png", "in2/deep.png", ".hidden.png", ".git/x.png" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_bench[file])!);
            File.WriteAllText(_bench[file], "");
        }

        FilePattern.Expand(_bench[pattern]).ShouldBe([.. expected.Select(file => _bench[file])]);
    }

    [Fact]
    public void Pattern_should_not_take_a_real_name_for_one()
    {
        File.WriteAllText(_bench["what?.png"], "");

        FilePattern.Is(_bench["what?.png"]).ShouldBeFalse();
        FilePattern.Is(_bench["wha??.png"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("a.png,b.png,c.png\n", "line 1 does not have two columns")]
    [InlineData("a.png,b.png\n\na.png\n", "line 3 does not have two columns")]
    [InlineData("reference,image\n", "names no pairs")]
    public void Pairs_should_be_refused_with_their_line(string content, string reason)
    {
        File.WriteAllText(_bench["p.csv"], content);

        Should.Throw<CommandFailedException>(() => PairsFile.Read(_bench["p.csv"])).Message.ShouldContain(reason);
    }

    [Fact]
    public void Ranking_should_let_equal_images_share_a_place_and_know_which_way_is_better()
    {
        var rows = new[] { Row("psnr", "a", 20), Row("psnr", "b", 30), Row("psnr", "c", 30), Row("lpips", "a", 0.2), Row("lpips", "b", 0.1), Row("lpips", "c", 0.3) };

        Ranking.Ranked(rows, metric => metric != "psnr").Select(row => row.Rank).ShouldBe([3, 1, 1, 2, 1, 3]);
    }

    [Fact]
    public void Ranking_should_count_no_difference_within_the_errors_as_a_disagreement()
    {
        ScoreRow[] rows = [Row("psnr", "a", 20), Row("psnr", "b", 30), Row("elpips", "a", 0.10, 0.02), Row("elpips", "b", 0.13, 0.02)];

        Ranking.Disagreements(rows, [], metric => metric != "psnr").ShouldBeEmpty();

        // Under the same transforms the difference is far better known than either value.
        var paired = new ScoreDifference("r", "elpips", "a", "b", 0.03, 0.005);
        paired.Clear.ShouldBeTrue();
        Ranking.Disagreements(rows, [paired], metric => metric != "psnr").ShouldBe([new Disagreement("r", "a", "b", "elpips", "psnr")]);
    }

    private static ScoreRow Row(string metric, string image, double value, double? error = null) =>
        new(new ImagePair("r", image), metric, new MetricResult(metric, value, error, 1, 1, "", [], Final: true), null);
}

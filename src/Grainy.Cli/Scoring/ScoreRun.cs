using Grainy.Cli.Output;
using Grainy.Core.Images;
using Grainy.Core.Metrics;

namespace Grainy.Cli.Scoring;

/// <summary>Measures pairs of images, those of one reference together; whatever cannot be measured becomes a row that says why.</summary>
/// <param name="maps">Writes maps; null: none are wanted.</param>
internal sealed class ScoreRun(CommandContext context, MetricCatalog catalog, IReadOnlyList<string> metrics, MetricOptions options, MapFiles? maps)
    : IAsyncDisposable
{
    // Samples of images in memory at once, 512 MiB; one image of any size always goes.
    private const long MostSamples = 128 << 20;

    private readonly Dictionary<string, IMetric> _loaded = [];

    /// <summary>Measures all images of one reference.</summary>
    /// <param name="pairs">With the same reference.</param>
    /// <param name="report">Is given the share that is done, and what is going on.</param>
    public async Task<ScoreGroup> MeasureAsync(IReadOnlyList<ImagePair> pairs, Action<double, string> report, CancellationToken stop)
    {
        var (rows, differences) = (new List<ScoreRow>(), new List<ScoreDifference>());
        if (TryRead(pairs[0].ReferencePage, pairs[0].Reference, out var why) is { } reference)
        {
            var done = 0;
            foreach (var portion in Portions(pairs, rows))
            {
                for (var i = 0; i < metrics.Count; i++)
                {
                    var share = (double)portion.Count / pairs.Count / metrics.Count;
                    var before = ((double)done / pairs.Count) + (i * share);
                    await MeasureAsync(metrics[i], reference, portion, rows, differences, (part, text) => report(before + (share * part), text), stop);
                }

                done += portion.Count;
            }
        }
        else
        {
            rows.AddRange(pairs.Select(pair => new ScoreRow(pair, null, null, pair.Error ?? why)));
        }

        rows = Merged(rows);
        var order = pairs.Select((pair, index) => (pair, index)).ToDictionary(item => item.pair, item => item.index);
        var ranked = Ranking.Ranked([.. rows.OrderBy(row => order[row.Pair])], LowerIsBetter);
        return new ScoreGroup(ranked, differences, [.. Ranking.Disagreements(ranked, differences, LowerIsBetter)]);
    }

    /// <summary>Frees the networks, on the thread that owns them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_loaded.Count > 0)
        {
            await context.OnDeviceAsync(
                _ =>
                {
                    foreach (var metric in _loaded.Values)
                    {
                        metric.Dispose();
                    }

                    return true;
                },
                CancellationToken.None);
        }
    }

    // What is wrong with the images themselves is said once, not by every metric.
    private List<ScoreRow> Merged(List<ScoreRow> rows) =>
    [
        .. rows.GroupBy(row => row.Pair).SelectMany(pair =>
            pair.Count() == metrics.Count && pair.All(row => row.Error is not null && row.Error == pair.First().Error)
            ? [pair.First() with { Metric = null }]
            : pair.AsEnumerable()),
    ];

    private bool LowerIsBetter(string metric) => _loaded[metric].LowerIsBetter;

    private static IEnumerable<List<(ImagePair Pair, ImageBuffer Image)>> Portions(IReadOnlyList<ImagePair> pairs, List<ScoreRow> rows)
    {
        var portion = new List<(ImagePair, ImageBuffer)>();
        var samples = 0L;
        foreach (var pair in pairs)
        {
            if (pair.Error is { } known || TryRead(pair.ImagePage, pair.Image, out known) is not { } image)
            {
                rows.Add(new ScoreRow(pair, null, null, known));
                continue;
            }

            if (portion.Count > 0 && samples + image.Planes.LongLength > MostSamples)
            {
                yield return portion;
                (portion, samples) = ([], 0);
            }

            portion.Add((pair, image));
            samples += image.Planes.LongLength;
        }

        if (portion.Count > 0)
        {
            yield return portion;
        }
    }

    private static ImageBuffer? TryRead(FilePage? page, string path, out string? why)
    {
        try
        {
            why = null;
            return (page is { } one ? Inputs.Read(one.Path, one.Page) : Inputs.Read(path)).Image;
        }
        catch (CommandFailedException error)
        {
            why = error.Message;
            return null;
        }
    }

    private async Task MeasureAsync(
        string name, ImageBuffer reference, List<(ImagePair Pair, ImageBuffer Image)> portion, List<ScoreRow> rows, List<ScoreDifference> differences,
        Action<double, string> report, CancellationToken stop)
    {
        var metric = await context.OnDeviceAsync(_ => _loaded.TryGetValue(name, out var known) ? known : _loaded[name] = catalog.Create(name), stop);
        var fit = portion.Where(item => Fits(item.Pair, item.Image)).ToArray();
        if (fit.Length == 0)
        {
            return;
        }

        var measuring = maps is null ? 1.0 : 0.5;
        var done = 0;
        var images = fit.Select(item => item.Image).ToArray();
        var batch = await context.OnDeviceAsync(
            token => metric.MeasureMany(reference, images, options, token), batch => report(measuring * Share(batch, fit.Length), $"{name} {Text(batch)}"), stop);
        foreach (var (result, (pair, image)) in batch.Results.Zip(fit))
        {
            var map = maps is null ? null : await maps.WriteAsync(name, pair, reference, image, Advance, stop);
            done++;
            rows.Add(new ScoreRow(pair, name, result, null) { Map = map });
        }

        differences.AddRange(batch.Differences.Select(difference => Difference(fit[difference.First].Pair, fit[difference.Second].Pair, difference)));

        void Advance(double share) => report(measuring + ((1 - measuring) * (done + share) / fit.Length), $"map of {name}");

        ScoreDifference Difference(ImagePair nearer, ImagePair farther, PairedDifference found) =>
            new(nearer.Reference, name, nearer.Image, farther.Image, found.Difference, found.StandardError);

        bool Fits(ImagePair pair, ImageBuffer image)
        {
            try
            {
                metric.Input.Require(reference, image, name, options);
                return true;
            }
            catch (MetricInputException error)
            {
                rows.Add(new ScoreRow(pair, name, null, ErrorText.For(error)));
                return false;
            }
        }
    }

    private double Share(MetricBatch batch, int candidates)
    {
        var last = batch.Results[^1];
        var sampled = last.StandardError is { } error && options is { TargetError: { } target, Samples: null } && last.Value > 0
            ? Math.Min(1, Math.Pow(target * last.Value / (1.96 * error), 2))
            : (double)last.Samples / (options.Samples ?? MetricOptions.DefaultSamples);
        var within = last.Final ? 1 : last.StandardError is null ? 0 : sampled;
        return batch.Differences.Count > 0 || batch.Results.Count == candidates ? within : (batch.Results.Count - 1 + within) / candidates;
    }

    private static string Text(MetricBatch batch) => ScoreText.Value(batch.Results[^1]);
}

using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Core.Metrics;
using Grainy.Core.Weights;
using Grainy.Core.Weights.Downloads;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy weights pull</c>: fetch official files, verify and convert them.</summary>
internal static class PullCommand
{
    private static readonly Argument<string[]> Wanted = new("names")
    {
        Description = "Weights as 'grainy weights list' names them, metrics whose weights are wanted, or all",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<Uri?> From = Checked.HttpAddress(
        "--from", "Mirror that offers the official files under their own names [default: the official addresses]");
    private static readonly Option<Uri?> Proxy = Checked.HttpAddress(
        "--proxy", "For example http://user:password@proxy:3128 [default: $https_proxy, $http_proxy, $all_proxy, $no_proxy]");

    public static CliCommand Build() =>
        new CliCommand(
            "pull",
            "Fetch official files over the network, verify their SHA-256 and convert them; an interrupted download goes on where it ended",
            "weights pull lpips-squeeze elpips-squeeze", "weights pull vgg16_features",
            "weights pull all --from https://mirror.example/weights --proxy http://proxy:3128")
            .With(Wanted, From, Proxy).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var wanted = Sets(context.Get(Wanted));
        var folder = context.WeightsFolder ?? WeightStore.PersonalFolder;
        var here = new WeightStore([folder]);
        var options = new DownloadOptions { Mirror = context.Get(From), Proxy = context.Get(Proxy) };
        using var downloader = new WeightDownloader(options, context.Clock);
        var results = new List<object>();
        var fine = true;
        foreach (var known in wanted)
        {
            try
            {
                var (path, state) = await PullAsync(known);
                results.Add(new { known.Name, state, path });
                context.Print($"{known.Name}: {(state == "here" ? "already here" : "fetched, verified")}, {path}");
            }
            catch (Exception error) when (error is WeightDownloadException or WeightFormatException or IOException or UnauthorizedAccessException)
            {
                fine = false;
                CommandContext.Complain(ErrorText.For(error));
                results.Add(new { known.Name, error = ErrorText.For(error) });
            }
        }

        context.PrintJson(results);
        if (fine)
        {
            context.Suggest("weights list");
        }

        return fine ? ExitCode.Ok : ExitCode.Failed;

        async Task<(string Path, string State)> PullAsync(KnownWeight known)
        {
            if (IsVerified(here, known.Name))
            {
                return (here.Locate(known.Name)!, "here");
            }

            using var progress = context.Progress();
            var imported = await downloader.PullAsync(known, folder, state => progress.Report((double)state.Received / state.Size, Text(state)), stop);
            return (imported.Path, "fetched");
        }
    }

    // A damaged or doubtful file in the place is what pulling mends.
    private static bool IsVerified(WeightStore store, string name)
    {
        try
        {
            return store.Find(name) is { Doubt: null };
        }
        catch (WeightFormatException)
        {
            return false;
        }
    }

    private static KnownWeight[] Sets(string[] words)
    {
        var metrics = new MetricCatalog(new WeightStore([])).Names;
        return [.. words.SelectMany(Of).Distinct()];

        IEnumerable<KnownWeight> Of(string word) => word == "all" ? KnownWeights.All
            : KnownWeights.Find(word) is { } known ? [known]
            : metrics.Contains(word) && MetricCatalog.WeightsOf(word).Select(KnownWeights.Find).OfType<KnownWeight>().ToArray() is { Length: > 0 } sets ? sets
            : throw new UsageException(metrics.Contains(word)
                ? $"{word} needs no weights from elsewhere"
                : $"there are no weights '{word}'; there are {string.Join(", ", KnownWeights.All.Select(known => known.Name))}, "
                    + "and the metrics that need them");
    }

    private static string Text(DownloadProgress state) =>
        string.Create(CultureInfo.InvariantCulture, $"{state.Name} {state.Received / 1e6:F1} of {state.Size / 1e6:F1} MB")
        + (state.Trouble is { } trouble ? $" ({trouble}; trying again)" : "");
}

using System.CommandLine;
using System.Globalization;
using Grainy.Core.Metrics;
using Grainy.Core.Weights;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy weights</c>: which weights are here, are they the published ones, fetching them, and taking files in.</summary>
internal static class WeightsCommand
{
    private static readonly Argument<string[]> Files = new("files")
    {
        Description = "Official files: .pth (both forms), .npy or .safetensors; their names do not matter",
        Arity = ArgumentArity.OneOrMore,
    };

    public static CliCommand Build() =>
        new CliCommand(
            "weights", "List, fetch, import and verify the weights of the metrics", "weights list", "weights pull lpips-squeeze", "weights import alex.pth")
            .With(List(), PullCommand.Build(), Import(), Verify(), TrainBuiltInCommand.Build());

    private static CliCommand List() =>
        new CliCommand("list", "Show which weights there are, which are here, and which metrics need them", "weights list", "weights list --json")
            .Runs((context, _) => ListAsync(context));

    private static CliCommand Import() =>
        new CliCommand(
            "import",
            "Recognise, verify and convert official files",
            "weights import alex.pth vgg16-397923af.pth",
            "weights import alex.pth --weights /srv/weights")
            .With(Files).Runs(ImportAsync);

    private static CliCommand Verify() =>
        new CliCommand("verify", "Compare every installed file with the published numbers", "weights verify").Runs((context, _) => VerifyAsync(context));

    private static Task<int> ListAsync(CommandContext context)
    {
        var reports = WeightVerification.Report(context.Weights);
        context.PrintJson(reports.Select(Document));
        context.Print(
        [
            ["name", "state", "what", "metrics", "licence", "where"],
            .. reports.Select(report => (string[])
            [
                report.Name, State(report), report.Purpose, string.Join(" ", MetricsOf(report)), report.Known?.File.Licence ?? "-",
                report.Origin ?? $"{report.Known?.File.Address} ({Size(report.Known)})",
            ]),
        ]);
        Explain(reports);
        if (reports.FirstOrDefault(report => report.Origin is null) is { } missing)
        {
            context.Suggest($"weights pull {missing.Name}");
        }

        return Task.FromResult(ExitCode.Ok);
    }

    private static Task<int> VerifyAsync(CommandContext context)
    {
        var reports = WeightVerification.Report(context.Weights);
        context.PrintJson(reports.Select(Document));
        context.Print([["name", "state", "where"], .. reports.Select(report => (string[])[report.Name, State(report), report.Origin ?? "-"])]);
        Explain(reports);
        return Task.FromResult(reports.Any(report => report.Problem is not null) ? ExitCode.Failed : ExitCode.Ok);
    }

    private static async Task<int> ImportAsync(CommandContext context, CancellationToken stop)
    {
        var folder = context.WeightsFolder ?? WeightStore.PersonalFolder;
        var imported = new List<object>();
        var fine = await Inputs.ForEachAsync(
            context.Get(Files),
            path =>
            {
                stop.ThrowIfCancellationRequested();
                var weights = Import(path, folder);
                imported.Add(new { file = path, weights.Name, weights.Path, weights.Hash, verified = weights.Doubt is null, weights.Doubt });
                context.Print($"{path}: {weights.Name}, {(weights.Doubt is null ? "verified" : "not verified to the last digit")}, now {weights.Path}");
                if (weights.Doubt is { } doubt)
                {
                    context.Say($"Note: {doubt}.");
                }

                return Task.CompletedTask;
            },
            (path, error) => imported.Add(new { file = path, error }));
        context.PrintJson(imported);
        if (fine)
        {
            context.Suggest("weights list");
        }

        return fine ? ExitCode.Ok : ExitCode.Failed;
    }

    private static ImportedWeights Import(string path, string folder)
    {
        if (!File.Exists(path))
        {
            throw new CommandFailedException($"there is no file '{path}'");
        }

        try
        {
            return WeightImport.Import(path, folder);
        }
        catch (Exception error) when (error is WeightFormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(error.Message, error);
        }
    }

    private static object Document(WeightReport report) => new
    {
        report.Name,
        report.Purpose,
        installed = report.Origin is not null,
        report.Origin,
        report.Verified,
        report.Problem,
        report.Doubt,
        metrics = MetricsOf(report),
        source = report.Known?.Source,
        address = report.Known?.File.Address,
        bytes = report.Known?.File.Size,
        sha256 = report.Known?.File.Sha256,
        licence = report.Known?.File.Licence,
    };

    private static IEnumerable<string> MetricsOf(WeightReport report) =>
        new MetricCatalog(new WeightStore([])).Names.Where(metric => MetricCatalog.WeightsOf(metric).Contains(report.Name));

    private static void Explain(IReadOnlyList<WeightReport> reports)
    {
        foreach (var text in reports.Select(report => report.Problem ?? report.Doubt).OfType<string>())
        {
            CommandContext.Complain(text);
        }
    }

    private static string Size(KnownWeight? known) =>
        known is null ? "" : known.File.Size < 1_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{known.File.Size / 1e3:F0} kB")
        : string.Create(CultureInfo.InvariantCulture, $"{known.File.Size / 1e6:F0} MB");

    private static string State(WeightReport report) => report switch
    {
        { Origin: null } => "missing",
        { Problem: not null } => "unusable",
        { Doubt: not null } => "unverified",
        _ => "ok",
    };
}

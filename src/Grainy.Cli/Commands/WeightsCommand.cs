using System.CommandLine;
using Grainy.Core.Weights;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy weights</c>: which weights are here, are they the published ones, and taking files in.</summary>
internal static class WeightsCommand
{
    private static readonly Argument<string[]> Files = new("files") { Description = "Official files: .pth (both forms), .npy or .safetensors; their names do not matter", Arity = ArgumentArity.OneOrMore };

    public static CliCommand Build() => new CliCommand("weights", "List, import and verify the weights of the metrics", "weights list", "weights import alex.pth")
        .With(
            new CliCommand("list", "Show which weights are installed, and where", "weights list", "weights list --json").Runs((context, _) => ReportAsync(context, failing: false)),
            new CliCommand("verify", "Compare every installed file with the published numbers", "weights verify").Runs((context, _) => ReportAsync(context, failing: true)),
            new CliCommand("import", "Recognise, verify and convert official files", "weights import alex.pth squeezenet1_1.pth", "weights import alex.pth --weights /srv/weights").With(Files).Runs(ImportAsync),
            TrainBuiltInCommand.Build());

    private static Task<int> ReportAsync(CommandContext context, bool failing)
    {
        var reports = WeightVerification.Report(context.Weights);
        context.PrintJson(reports.Select(report => new { report.Name, report.Purpose, report.Origin, report.Verified, report.Problem }));
        context.Print([["name", "state", "purpose", "where"], .. reports.Select(report => (string[])[report.Name, State(report), report.Purpose, report.Origin ?? "-"])]);
        foreach (var report in reports.Where(report => report.Problem is not null))
        {
            CommandContext.Complain(report.Problem!);
        }

        if (reports.Any(report => report.Origin is null))
        {
            context.Suggest("weights import FILE");
        }

        return Task.FromResult(failing && reports.Any(report => report.Problem is not null) ? ExitCode.Failed : ExitCode.Ok);
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
                imported.Add(new { file = path, weights.Name, weights.Path, weights.Hash });
                context.Print($"{path}: {weights.Name}, verified, now {weights.Path}");
                return Task.CompletedTask;
            },
            (path, error) => imported.Add(new { file = path, error }));
        context.PrintJson(imported);
        context.Suggest("weights list");
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

    private static string State(WeightReport report) => report switch
    {
        { Origin: null } => "missing",
        { Problem: not null } => "unusable",
        _ => "ok",
    };
}

using System.CommandLine;
using Grainy.Cli.Output;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy info</c>: what is in image files.</summary>
internal static class InfoCommand
{
    private static readonly Argument<string[]> Files = new("files") { Description = "Images: PNG, JPEG, TIFF, WebP, GIF or NumPy", Arity = ArgumentArity.OneOrMore };

    public static CliCommand Build() => new CliCommand("info", "Show format, size and depth of images", "info photo.png night/*.tif", "info photo.png --json").With(Files).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var rows = new List<string[]> { (string[])["file", "format", "size", "channels", "samples", "remarks"] };
        var results = new List<object>();
        var fine = await Inputs.ForEachAsync(
            context.Get(Files),
            path =>
            {
                stop.ThrowIfCancellationRequested();
                var facts = Inputs.Read(path).Facts;
                var remarks = string.Join("; ", ((string?[])[facts.HadAlpha ? "transparency dropped" : null, facts.Note]).Where(remark => remark is not null));
                rows.Add([path, facts.Format, $"{facts.Width} × {facts.Height}", facts.Channels == 1 ? "grey" : "RGB", $"{facts.BitDepth} bit{(facts.IsFloat ? " float" : "")}", remarks]);
                results.Add(new
                {
                    file = path,
                    facts.Format,
                    facts.Width,
                    facts.Height,
                    facts.Channels,
                    facts.BitDepth,
                    facts.IsFloat,
                    facts.HadAlpha,
                    bytes = new FileInfo(path).Length,
                    facts.Note,
                });
                return Task.CompletedTask;
            },
            (path, error) => results.Add(new { file = path, error }));
        context.PrintJson(results);
        if (rows.Count > 1)
        {
            context.Print(rows);
            context.Suggest($"noise {ShellWord.Of(context.Get(Files)[0])}");
        }

        return fine ? ExitCode.Ok : ExitCode.Failed;
    }
}

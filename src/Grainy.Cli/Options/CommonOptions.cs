using System.CommandLine;

namespace Grainy.Cli.Options;

/// <summary>Options that every command understands.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Print the result as JSON and nothing else on standard output", Recursive = true };

    public static Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "No progress and no hints on standard error", Recursive = true };

    public static Option<bool> Debug { get; } = new("--debug") { Description = "Show where in the program an error arose", Recursive = true };

    public static Option<string?> Weights { get; } = new("--weights")
    {
        Description = "Folder with weights files, searched first [default: $Grainy__Weights]",
        HelpName = "folder",
        Recursive = true,
    };

    public static Option<int> Threads { get; } = Checked.Integer("--threads", 0, 0, 1024, "Processors that one tensor operation may use; 0: all", recursive: true);

    public static IReadOnlyList<Option> All => [Json, Quiet, Weights, Threads, Debug];
}

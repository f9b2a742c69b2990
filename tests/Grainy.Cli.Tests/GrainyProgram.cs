using System.Diagnostics;
using System.Text.Json;
using Grainy.TestKit;

namespace Grainy.Cli.Tests;

/// <summary>The built program, run as a person or a script runs it: as a process.</summary>
internal static class GrainyProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>What a process left behind.</summary>
    internal sealed record Outcome(int ExitCode, string Output, string Error)
    {
        /// <summary>Standard output as JSON; fails when anything else stands there.</summary>
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;

        public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public static Task<Outcome> RunAsync(params string[] arguments) => RunAsync(null, [], arguments);

    /// <summary>With a variable of the environment besides those that the test itself was given.</summary>
    public static Task<Outcome> RunWithAsync((string Name, string Value) variable, params string[] arguments) => RunAsync(null, [variable], arguments);

    /// <summary>Starts the program, lets <paramref name="meanwhile"/> act on it, and waits for its end.</summary>
    public static Task<Outcome> RunAsync(Func<Process, Task> meanwhile, params string[] arguments) => RunAsync(meanwhile, [], arguments);

    private static async Task<Outcome> RunAsync(Func<Process, Task>? meanwhile, (string Name, string Value)[] variables, string[] arguments)
    {
        using var process = new Process { StartInfo = StartInfo(arguments) };
        foreach (var (name, value) in variables)
        {
            process.StartInfo.Environment[name] = value;
        }

        process.Start();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var acting = meanwhile?.Invoke(process) ?? Task.CompletedTask;
            var error = meanwhile is null ? process.StandardError.ReadToEndAsync(limit.Token) : Task.FromResult("");
            await acting;
            await process.WaitForExitAsync(limit.Token);
            return new Outcome(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static ProcessStartInfo StartInfo(string[] arguments)
    {
        // The test's own output folder holds a copy of the assembly; the program itself is the one that people run.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = RepositoryRoot.Combine("src", "Grainy.Cli", "bin", here.Parent!.Name, here.Name, "grainy.dll");
        // Shells start background jobs with SIGINT ignored, and that is handed down; a person's shell does not.
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet", program] : ["dotnet", program];
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in command.Skip(1).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["NO_COLOR"] = "1";
        foreach (var name in new[] { "Grainy__Weights", "http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY" })
        {
            start.Environment.Remove(name);
        }

        return start;
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Grainy.Cli.Commands;
using Grainy.Cli.Options;
using Grainy.Cli.Output;

namespace Grainy.Cli;

/// <summary>From arguments to an exit code: parsing, help, interruption, and one clear line for every failure.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = BuildRoot();
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (UnknownOption(parsed, args) is { } unknown)
        {
            return Misused(parsed, $"there is no option '{unknown}' here; for a file of that name write -- before it");
        }

        if (parsed.Errors.Count > 0 && parsed.GetResult(root.Options.OfType<HelpOption>().Single()) is null)
        {
            return Misused(parsed, parsed.UnmatchedTokens is [var word, ..] && parsed.CommandResult.Command.Subcommands is { Count: > 0 } commands
                ? $"there is no command '{word}'; there are {string.Join(", ", commands.Select(command => command.Name))}"
                : parsed.Errors[0].Message);
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopOnce);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopOnce);
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, stop.Token);
        }
        catch (UsageException error)
        {
            return Misused(parsed, error.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("grainy: interrupted");
            return ExitCode.Interrupted;
        }
        catch (Exception error) // whatever went wrong, a person gets a sentence and a script an exit code
        {
            await Console.Error.WriteLineAsync($"grainy: {ErrorText.For(error)}");
            if (parsed.GetValue(CommonOptions.Debug))
            {
                await Console.Error.WriteLineAsync(error.ToString());
            }

            return ExitCode.Failed;
        }

        // The first signal ends the work at its next slice; a second one ends the process.
        void StopOnce(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }

    private static RootCommand BuildRoot()
    {
        var root = new RootCommand("Grainy trains denoisers from noisy images alone, measures how different two images look, and blends images along that measure.");
        foreach (var command in new[]
        {
            InfoCommand.Build(), NoiseCommand.Build(), CorruptCommand.Build(), TrainCommand.Build(), DenoiseCommand.Build(), TrustCommand.Build(),
            ScoreCommand.Build(), BlendCommand.Build(), AttackCommand.Build(), ExperimentCommand.Build(), WeightsCommand.Build(), DoctorCommand.Build(),
        })
        {
            root.Add(command);
        }

        foreach (var option in CommonOptions.All)
        {
            root.Add(option);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExamplesFirstHelp((HelpAction)help.Action!);
        return root;
    }

    // The parser takes what it does not know for one more file; a mistyped option must not be looked for on the disk.
    private static string? UnknownOption(ParseResult parsed, string[] args)
    {
        var literal = args.SkipWhile(word => word != "--").Skip(1).ToHashSet();
        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .FirstOrDefault(word => word.Length > 1 && word[0] == '-' && !literal.Contains(word));
    }

    private static int Misused(ParseResult parsed, string message)
    {
        var command = parsed.CommandResult.Command;
        var usage = UsageLine.Of(command);
        Console.Error.WriteLine($"grainy: {message.ReplaceLineEndings(" ").Trim()}");
        Console.Error.WriteLine($"usage: {usage}");
        Console.Error.WriteLine($"'{UsageLine.NameOf(command)} --help' tells more.");
        return ExitCode.Usage;
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Grainy.Cli.Output;

/// <summary>Help that shows what to type before it explains every option.</summary>
internal sealed class ExamplesFirstHelp(HelpAction rest) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        var examples = parseResult.CommandResult.Command switch
        {
            CliCommand command => command.Examples,
            RootCommand root => [.. root.Subcommands.OfType<CliCommand>().SelectMany(command => command.Examples.Take(1))],
            _ => [],
        };
        if (examples.Count > 0)
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  grainy {example}");
            }

            output.WriteLine();
        }

        return rest.Invoke(parseResult);
    }
}

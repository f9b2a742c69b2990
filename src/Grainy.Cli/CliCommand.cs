using System.CommandLine;

namespace Grainy.Cli;

/// <summary>A command with examples, which its help shows first.</summary>
/// <param name="examples">Command lines without the leading <c>grainy</c>.</param>
internal sealed class CliCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;

    /// <summary>Says what the command does.</summary>
    public CliCommand Runs(Func<CommandContext, CancellationToken, Task<int>> work)
    {
        SetAction(async (parsed, stop) =>
        {
            using var context = new CommandContext(parsed, TimeProvider.System);
            return await work(context, stop);
        });
        return this;
    }

    /// <summary>Adds arguments and options, in the order in which the help lists them.</summary>
    public CliCommand With(params Symbol[] symbols)
    {
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Argument argument: Add(argument); break;
                case Option option: Add(option); break;
                case Command command: Add(command); break;
            }
        }

        return this;
    }
}

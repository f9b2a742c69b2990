using System.CommandLine;

namespace Grainy.Cli.Output;

/// <summary>How a command is called, in one line.</summary>
internal static class UsageLine
{
    /// <summary>The command with all that must stand before it, for example <c>grainy weights import</c>.</summary>
    public static string NameOf(Command command)
    {
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? "grainy" : $"{NameOf(parent)} {command.Name}";
    }

    public static string Of(Command command)
    {
        IEnumerable<string> parts =
        [
            NameOf(command),
            .. command.Subcommands.Count > 0 ? ["<command>"] : command.Arguments.Select(Show),
            .. command.Options.Where(option => option.Required).Select(option => $"{option.Name} {Value(option)}"),
            "[options]",
        ];
        return string.Join(' ', parts);
    }

    private static string Show(Argument argument) => argument.Arity.MaximumNumberOfValues > 1 ? $"<{argument.Name}>..." : $"<{argument.Name}>";

    private static string Value(Option option) => $"<{option.HelpName ?? option.Name.TrimStart('-')}>";
}

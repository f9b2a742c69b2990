using System.CommandLine;

namespace Grainy.Cli.Options;

/// <summary>Options with a fixed set of words.</summary>
internal static class Choice
{
    /// <param name="standard">What is meant when the option is absent; null: nothing.</param>
    public static Option<string?> Of(string name, string? standard, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = $"{description}: {string.Join(" or ", words)}", HelpName = "word" };
        if (standard is not null)
        {
            option.DefaultValueFactory = _ => standard;
        }

        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && !words.Contains(token.Value))
            {
                result.AddError($"'{token.Value}' does not fit {name}: it must be {string.Join(" or ", words)}.");
            }
        });
        return option;
    }
}

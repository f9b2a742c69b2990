using System.CommandLine;
using System.Globalization;
using Grainy.Core.Corruption;

namespace Grainy.Cli.Options;

/// <summary>Options that take a number, or two with dots between them: 25 or 5..50.</summary>
internal static class Ranges
{
    /// <param name="unit">What the number is, for the help.</param>
    public static Option<ParameterRange?> Option(string name, string unit, double least, double most, string description) => new(name)
    {
        Description = description,
        HelpName = unit,
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (TryParse(text, out var range) && range.Low >= least && range.High <= most && range.Low <= range.High)
            {
                return range;
            }

            result.AddError(string.Create(
                CultureInfo.InvariantCulture, $"'{text}' does not fit {name}: it must be a number from {least} to {most}, or a range such as {least}..{most}."));
            return null;
        },
    };

    private static bool TryParse(string text, out ParameterRange range)
    {
        var parts = text.Split("..");
        var fine = double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var low);
        var high = low;
        fine = fine && parts.Length <= 2 && (parts.Length == 1 || double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out high));
        range = new ParameterRange(low, high);
        return fine && double.IsFinite(low) && double.IsFinite(high);
    }
}

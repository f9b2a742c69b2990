using System.Globalization;
using System.Text.RegularExpressions;

namespace Grainy.Cli.Output;

/// <summary>Lengths of time as people type and read them.</summary>
internal static partial class Durations
{
    /// <summary>Reads <c>90s</c>, <c>2m</c>, <c>1h</c>, <c>1h30m</c>, <c>1.5h</c> or plain seconds.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var match = Pattern().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return false;
        }

        var seconds = (3600 * Number("h")) + (60 * Number("m")) + Number("s");
        if (seconds > TimeSpan.MaxValue.TotalSeconds / 2)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(seconds);
        return true;

        double Number(string unit) => match.Groups[unit] is { Success: true, Value: var value } ? double.Parse(value, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>For example <c>1 h 05 min</c>, <c>2 min 10 s</c> or <c>8 s</c>.</summary>
    public static string Show(double seconds)
    {
        var whole = (long)Math.Max(0, Math.Ceiling(Math.Min(seconds, 1e9)));
        return whole switch
        {
            >= 3600 => $"{whole / 3600} h {whole / 60 % 60:00} min",
            >= 60 => $"{whole / 60} min {whole % 60:00} s",
            _ => $"{whole} s",
        };
    }

    [GeneratedRegex(@"^(?:(?<h>\d+(?:\.\d+)?)h)?(?:(?<m>\d+(?:\.\d+)?)m)?(?:(?<s>\d+(?:\.\d+)?)s?)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

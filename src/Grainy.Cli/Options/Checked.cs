using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Grainy.Cli.Output;

namespace Grainy.Cli.Options;

/// <summary>Options whose values are read and checked with a sentence that says what is allowed.</summary>
internal static class Checked
{
    public static Option<int> Integer(string name, int standard, int least, int most, string description, bool recursive = false) => new(name)
    {
        Description = description,
        HelpName = "n",
        Recursive = recursive,
        DefaultValueFactory = _ => standard,
        CustomParser = result => Read(result, $"a whole number from {least} to {most}", (string text, out int value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most),
    };

    public static Option<int?> OptionalInteger(string name, int least, int most, string description) => new(name)
    {
        Description = description,
        HelpName = "n",
        CustomParser = result => Read(result, $"a whole number from {least} to {most}", (string text, out int? value) =>
        {
            var read = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most;
            value = number;
            return read;
        }),
    };

    public static Option<double?> OptionalNumber(string name, double least, double most, string description) => new(name)
    {
        Description = description,
        HelpName = "x",
        CustomParser = result => Read(result, FormattableString.Invariant($"a number from {least} to {most}"), (string text, out double? value) =>
        {
            var read = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most;
            value = number;
            return read;
        }),
    };

    public static Option<ulong> Seed() => new("--seed")
    {
        Description = "The same seed gives the same result on the same device",
        HelpName = "n",
        DefaultValueFactory = _ => 1,
        CustomParser = result => Read(result, "a whole number from 0 to 9223372036854775807", (string text, out ulong value) =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= long.MaxValue),
    };

    /// <summary>A standard deviation in 8-bit units, as denoising papers give it; divide by 255 for the scale [0, 1].</summary>
    public static Option<double?> Sigma(string name, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = "sigma",
        Required = required,
        CustomParser = result => Read(result, "a number above 0 and up to 1000 (in 8-bit units, for example 25)", (string text, out double? value) =>
        {
            var read = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= 1000;
            value = number;
            return read;
        }),
    };

    /// <summary>A share of the range [0, 1]; whole numbers are refused, because other commands give noise in 8-bit units.</summary>
    public static Option<double?> Share(string name, double most, string description) => new(name)
    {
        Description = description,
        HelpName = "share",
        CustomParser = result => Read(result, string.Create(CultureInfo.InvariantCulture, $"a number above 0 and up to {most}, as a share of the range (0.1 is 25.5 in 8-bit units)"), (string text, out double? value) =>
        {
            var read = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most;
            value = number;
            return read;
        }),
    };

    public static Option<TimeSpan> Duration(string name, TimeSpan standard, TimeSpan least, TimeSpan most, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        DefaultValueFactory = _ => standard,
        CustomParser = result => Read(result, $"a time such as 90s, 2m or 1h, from {Shown(least)} to {Shown(most)}", (string text, out TimeSpan value) =>
            Durations.TryParse(text, out value) && value >= least && value <= most),
    };

    public static Option<Uri?> HttpAddress(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "url",
        CustomParser = result => Read(result, "an address that begins with http:// or https://", (string text, out Uri? value) =>
            Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https"),
    };

    private static string Shown(TimeSpan duration) => Durations.Show(duration.TotalSeconds);

    private delegate bool TryRead<T>(string text, out T value);

    private static T? Read<T>(ArgumentResult result, string allowed, TryRead<T> read)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        if (read(text, out var value))
        {
            return value;
        }

        result.AddError($"'{text}' does not fit {((OptionResult)result.Parent!).Option.Name}: it must be {allowed}.");
        return default;
    }
}

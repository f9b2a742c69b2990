using System.CommandLine;
using System.Globalization;
using Grainy.Core.Noise;

namespace Grainy.Cli.Options;

/// <summary>A kind of noise with or without its parameters, such as <c>poisson:30</c> or <c>affine</c>.</summary>
internal static class NoiseOption
{
    private const string Allowed = "gaussian[:SIGMA in 8-bit units], poisson[:COUNTS at white], affine[:A,B of the variance A*x + B on the scale 0 to 1] or impulse[:SHARE]";

    /// <param name="meaning">What a kind without parameters means for the command, or null when parameters are needed.</param>
    public static Option<NoiseModel?> Of(string description, string? meaning) => new("--noise")
    {
        Description = $"{description}: {Allowed}{(meaning is null ? "" : $"; {meaning}")}",
        HelpName = "kind",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            try
            {
                if (Parse(text)?.Validated() is { } model && (meaning is not null || model.IsKnown))
                {
                    return model;
                }

                result.AddError($"'{text}' does not fit --noise: it must be {(meaning is null ? Allowed.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal) : Allowed)}.");
            }
            catch (ArgumentException error)
            {
                result.AddError(error.Message);
            }

            return null;
        },
    };

    private static NoiseModel? Parse(string text)
    {
        var (kind, values) = text.Split(':', 2) is [var name, var rest] ? (name, rest.Split(',')) : (text, []);
        var numbers = values.Select(value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN).ToArray();
        return numbers.Any(double.IsNaN) ? null : (kind, numbers) switch
        {
            ("gaussian", []) => new NoiseModel.Gaussian(),
            ("gaussian", [var sigma]) => new NoiseModel.Gaussian(sigma / 255),
            ("poisson", []) => new NoiseModel.Poisson(),
            ("poisson", [var counts]) => new NoiseModel.Poisson(counts),
            ("affine", []) => new NoiseModel.Affine(),
            ("affine", [var a, var b]) => new NoiseModel.Affine(a, b),
            ("impulse", []) => new NoiseModel.Impulse(),
            ("impulse", [var share]) => new NoiseModel.Impulse(share),
            _ => null,
        };
    }
}

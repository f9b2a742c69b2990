using System.CommandLine;
using Grainy.Core.Images;

namespace Grainy.Cli.Options;

/// <summary>Formats in which images are written.</summary>
internal static class ImageFormats
{
    private static readonly (string Name, OutputFormat? Format)[] Known =
    [
        ("png8", OutputFormat.Png8), ("png16", OutputFormat.Png16), ("tiff16", OutputFormat.Tiff16), ("tiff32f", OutputFormat.Tiff32F), ("npy", null),
    ];

    /// <summary>The option; null leaves the choice to the command.</summary>
    public static Option<string?> Option(string standard)
    {
        var option = new Option<string?>("--format") { Description = $"{string.Join(", ", Known.Select(known => known.Name))} [default: {standard}]", HelpName = "format" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && Known.All(known => known.Name != token.Value))
            {
                result.AddError($"'{token.Value}' does not fit --format: it must be {string.Join(", ", Known.Select(known => known.Name))}.");
            }
        });
        return option;
    }

    /// <summary>The format that keeps what a file had: float stays float; integers get 16 bits, because denoising yields values between their steps.</summary>
    public static string Fitting(ImageFacts facts) => facts switch
    {
        { Format: "NumPy" } => "npy",
        { IsFloat: true } => "tiff32f",
        { BitDepth: > 8 } => "tiff16",
        _ => "png16",
    };

    public static string Ending(string name) => Find(name) is { } format ? ImageWriter.Extension(format) : ".npy";

    public static void Write(string name, ImageBuffer image, Stream destination)
    {
        if (Find(name) is { } format)
        {
            ImageWriter.Write(image, destination, format);
        }
        else
        {
            Npy.Write(image, destination);
        }
    }

    /// <summary>Null for NumPy arrays.</summary>
    public static OutputFormat? Find(string name) => Known.First(known => known.Name == name).Format;
}

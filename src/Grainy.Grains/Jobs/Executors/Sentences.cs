using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Weights;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Which errors carry a sentence for people.</summary>
internal static class Sentences
{
    /// <summary>The sentence, or null for an error that only a log should tell.</summary>
    public static string? Of(Exception error) => error switch
    {
        RefusedException or ImageFormatException or MetricInputException or WeightFormatException or DenoiserFormatException => error.Message,
        ArgumentException { Source: "Grainy.Core" } argument => WithoutParameter(argument),
        FileNotFoundException => "The pixels of an image are missing from the server's storage; add the image again.",
        _ => null,
    };

    private static string WithoutParameter(ArgumentException error) =>
        error.ParamName is { } name ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : error.Message;
}

using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Core.Images;
using Grainy.Core.Weights;

namespace Grainy.Cli.Blending;

/// <summary>Where the pictures of a blend go.</summary>
/// <param name="Context">Of the command.</param>
/// <param name="Weights">For the metric.</param>
/// <param name="Folder">Made with the first picture.</param>
/// <param name="Format">Of the pictures.</param>
/// <param name="Inputs">Files that are blended.</param>
/// <param name="Preparation">What was done to them before, in words.</param>
internal sealed record BlendOutput(
    CommandContext Context, WeightStore Weights, string Folder, string Format, IReadOnlyList<string> Inputs, IReadOnlyList<string> Preparation)
{
    /// <summary>Writes a picture and returns its file.</summary>
    public string Write(string name, ImageBuffer picture)
    {
        var file = Path.Combine(Folder, name + ImageFormats.Ending(Format));
        OutputFile.Write(file, stream => ImageFormats.Write(Format, picture, stream));
        return file;
    }
}

namespace Grainy.Core.Weights;

/// <summary>A file of weights that is known.</summary>
/// <param name="Known">Which one.</param>
/// <param name="Tensors">Its values under the canonical names.</param>
/// <param name="Hash">Their <see cref="WeightHash"/>.</param>
/// <param name="FileHash">SHA-256 of the file itself.</param>
/// <param name="FileName">Its name, without its folder.</param>
/// <param name="Doubt">What could not be verified.</param>
internal sealed record RecognisedWeights(
    KnownWeight Known, IReadOnlyDictionary<string, WeightTensor> Tensors, string Hash, string FileHash, string FileName, string? Doubt);

/// <summary>Where converted weights came from, written into them.</summary>
internal static class WeightProvenance
{
    public const string ContentKey = "content_sha256";
    public const string FileKey = "file_sha256";

    public static Dictionary<string, string> Of(RecognisedWeights weights) => new()
    {
        ["source"] = weights.Known.Source,
        ["address"] = weights.Known.File.Address.ToString(),
        ["licence"] = weights.Known.File.Licence,
        ["file"] = weights.FileName,
        [FileKey] = weights.FileHash,
        [ContentKey] = weights.Hash,
        ["layout"] = "out, in, height, width",
    };
}

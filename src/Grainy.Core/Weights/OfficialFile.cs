namespace Grainy.Core.Weights;

/// <summary>The file in which others publish weights, byte for byte.</summary>
/// <param name="Address">Where they offer it; pinned to one version.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the whole file, 64 lower-case hexadecimal digits.</param>
/// <param name="Licence">Of the weights, in short.</param>
public sealed record OfficialFile(Uri Address, long Size, string Sha256, string Licence)
{
    /// <summary>Its name at <see cref="Address"/>.</summary>
    public string FileName => Path.GetFileName(Address.AbsolutePath);
}

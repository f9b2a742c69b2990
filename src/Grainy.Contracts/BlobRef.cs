namespace Grainy.Contracts;

/// <summary>Names bytes by their content; the bytes themselves never travel through a grain.</summary>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of the bytes.</param>
/// <param name="Length">In bytes.</param>
/// <param name="MediaType">For example <c>image/png</c>.</param>
[GenerateSerializer, Immutable, Alias("grainy.blob-ref.v1")]
public sealed record BlobRef([property: Id(0)] string Sha256, [property: Id(1)] long Length, [property: Id(2)] string MediaType);

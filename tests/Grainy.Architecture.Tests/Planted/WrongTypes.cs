using Grainy.Core.Storage;
using TorchSharp;

namespace Grainy.Architecture.Tests.Planted;

/// <summary>Breaks the rule of Grains on purpose.</summary>
internal sealed class GrainWithTensor
{
    public torch.Tensor? Weights { get; init; }
}

/// <summary>Breaks the rule of Web on purpose.</summary>
internal sealed class PageWithStorage
{
    public IBlobStore? Blobs { get; init; }
}

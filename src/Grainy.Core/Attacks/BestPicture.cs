using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>The picture with the least score among those that fulfil all constraints; the one that breaks them least while there is none.</summary>
internal sealed class BestPicture : IDisposable
{
    private double _score;
    private double _violation;

    /// <summary>Null before the first offer.</summary>
    public Tensor? Picture { get; private set; }

    /// <summary>True when the picture fulfils all constraints.</summary>
    public bool IsFeasible => Picture is not null && _violation <= 0;

    /// <summary>Copies the picture if it is better.</summary>
    /// <param name="violation">Of the worst constraint; 0 or below fulfils all.</param>
    public void Offer(Tensor picture, double score, double violation)
    {
        var better = Picture is null || (violation <= 0 ? !IsFeasible || score < _score : violation < _violation);
        if (!better)
        {
            return;
        }

        using var scope = NewDisposeScope();
        Picture?.Dispose();
        (_score, _violation) = (score, violation);
        Picture = picture.detach().clone().DetachFromDisposeScope();
    }

    public void Dispose() => Picture?.Dispose();
}

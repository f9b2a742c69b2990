namespace Grainy.Core.Attacks;

/// <summary>What a random distance draws its transform and dropout from; the same draw gives the same transform for every picture.</summary>
/// <param name="Seed">Of the stream.</param>
/// <param name="Scale">A given scale; null draws it by its probability.</param>
internal readonly record struct AttackDraw(ulong Seed, int? Scale = null);

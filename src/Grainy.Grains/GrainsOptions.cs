namespace Grainy.Grains;

/// <summary>What the grains of one process need to know about it.</summary>
public sealed class GrainsOptions
{
    /// <summary>Devices that take work here, for example <c>cpu</c>; empty for a process that only serves pages.</summary>
    public IReadOnlyList<string> Devices { get; set; } = ["cpu"];
}

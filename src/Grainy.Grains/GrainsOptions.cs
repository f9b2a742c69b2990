namespace Grainy.Grains;

/// <summary>What the grains of one process need to know about it.</summary>
public sealed class GrainsOptions
{
    /// <summary>Devices that take work here, for example <c>cpu</c>; empty for a process that only serves pages.</summary>
    public IReadOnlyList<string> Devices { get; set; } = ["cpu"];

    /// <summary>Threads that one tensor operation may use; 0: all processors.</summary>
    public int Threads { get; set; }

    /// <summary>Searched for weights before the usual folders; null: only those.</summary>
    public string? WeightsFolder { get; set; }
}

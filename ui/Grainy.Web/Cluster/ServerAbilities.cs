namespace Grainy.Web.Cluster;

/// <summary>What the server can do beyond what it brings along itself.</summary>
/// <param name="Mp4Problem">Why it cannot write MP4 files, one sentence; null when it can.</param>
public sealed record ServerAbilities(string? Mp4Problem);

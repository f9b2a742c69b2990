using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Grainy.Host.Startup;

/// <summary>The section <c>Grainy</c>: <c>appsettings.json</c>, environment <c>Grainy__*</c>, command line <c>--Grainy:*</c>.</summary>
internal sealed class ServerOptions
{
    public const string Section = "Grainy";

    /// <summary>Where the server listens unless <c>--urls</c> or <c>ASPNETCORE_URLS</c> says otherwise.</summary>
    [Required]
    public string Url { get; set; } = "http://127.0.0.1:5080";

    /// <summary>Folder of all that is kept; empty: <c>grainy/data</c> in the person's own data folder.</summary>
    public string Data { get; set; } = "";

    /// <summary>Folder that is searched first for weights.</summary>
    public string? Weights { get; set; }

    /// <summary>What this process does; one process does it all.</summary>
    [RegularExpression("all", ErrorMessage = "Grainy:Roles must be 'all': one process does everything in this version.")]
    public string Roles { get; set; } = "all";

    /// <summary>Name of this silo, part of its devices' identity: keep it across restarts.</summary>
    [RegularExpression("[a-z0-9][a-z0-9-]{0,38}", ErrorMessage = "Grainy:Silo must be 1 to 39 lower-case letters, digits or hyphens, for example 'local'.")]
    public string Silo { get; set; } = "local";

    /// <summary>Port of the silo on the loopback address; 0 takes a free one.</summary>
    [Range(0, 65535, ErrorMessage = "Grainy:SiloPort must be between 0 (any free port) and 65535.")]
    public int SiloPort { get; set; }

    /// <summary>Devices to use, separated by commas; the networks of this version run on <c>cpu</c>, so a graphics card is refused instead of being named in vain.</summary>
    [RegularExpression(@"\s*(cpu)?\s*", ErrorMessage = "Grainy:Devices must be 'cpu': this version computes on the processor only.")]
    public string Devices { get; set; } = "";

    /// <summary>The parts of <see cref="Devices"/>; empty: not said.</summary>
    internal string[] DeviceList => Devices.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The largest image file that is taken, in bytes.</summary>
    [Range(1, 1L << 36, ErrorMessage = "Grainy:MaxUploadBytes must be between 1 and 68719476736 (64 GiB).")]
    public long MaxUploadBytes { get; set; } = 512L << 20;

    /// <summary>Decode uploads in a process of their own, so that a faulty decoder takes nothing else down.</summary>
    public bool IsolateDecoding { get; set; } = true;
}

[OptionsValidator]
internal sealed partial class ServerOptionsValidator : IValidateOptions<ServerOptions>;

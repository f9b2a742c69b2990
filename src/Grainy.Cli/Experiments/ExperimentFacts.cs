using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Grainy.Core.Experiments;

namespace Grainy.Cli.Experiments;

/// <summary>What an experiment depends on; results of different ones do not go into one file.</summary>
/// <param name="Question">Which experiment.</param>
/// <param name="Preset">How large.</param>
/// <param name="Noise">On the clean images.</param>
/// <param name="Seed">Of all draws.</param>
/// <param name="Steps">Of each training.</param>
/// <param name="Scenes">SHA-256 over the test scenes' first frames, the first 16 hexadecimal digits.</param>
internal sealed record ExperimentFacts(string Question, string Preset, string Noise, ulong Seed, long Steps, string Scenes)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Question}; preset {Preset}; noise {Noise}; {Steps} steps; seed {Seed}; scenes {Scenes}");

    public static string HashOf(ExperimentScenes scenes, ExperimentPreset preset)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(scenes.Count));
        for (var scene = 0; scene < preset.TestScenes; scene++)
        {
            hash.AppendData(MemoryMarshal.AsBytes(scenes.Frame(scene, 0).Planes.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}

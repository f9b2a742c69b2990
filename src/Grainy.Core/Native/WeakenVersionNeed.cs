// Compiled by the build itself (RoslynCodeTaskFactory), not into Grainy.Core: see TorchNative.targets.
using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a 64-bit little-endian ELF file and marks one entry of its version needs as weak: <c>VER_FLG_WEAK</c> in <c>vna_flags</c> of
/// the matching entry of <c>.gnu.version_r</c> (System V ABI, symbol versioning). The loader then accepts a library that lacks the version.
/// </summary>
public class WeakenVersionNeed : Task
{
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort WeakFlag = 2; // VER_FLG_WEAK

    [Required]
    public string Source { get; set; }

    [Required]
    public string Destination { get; set; }

    [Required]
    public string Version { get; set; }

    public override bool Execute()
    {
        if (File.Exists(Destination) && File.GetLastWriteTimeUtc(Destination) >= File.GetLastWriteTimeUtc(Source)
            && new FileInfo(Destination).Length == new FileInfo(Source).Length)
        {
            return true;
        }

        var elf = File.ReadAllBytes(Source);
        if (elf.Length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[2] != 'L' || elf[3] != 'F' || elf[4] != 2 || elf[5] != 1)
        {
            Log.LogError("'" + Source + "' is not a 64-bit little-endian ELF file.");
            return false;
        }

        Log.LogMessage(MessageImportance.Normal, "Marked " + Weaken(elf) + " need(s) of " + Version + " weak in " + Destination);
        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        var temporary = Destination + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, elf);
        File.Delete(Destination);
        File.Move(temporary, Destination);
        return true;
    }

    private int Weaken(byte[] elf)
    {
        var sections = (int)BitConverter.ToInt64(elf, 0x28);
        int size = BitConverter.ToUInt16(elf, 0x3a), count = BitConverter.ToUInt16(elf, 0x3c), marked = 0;
        for (var i = 0; i < count; i++)
        {
            var header = sections + i * size;
            if (BitConverter.ToUInt32(elf, header + 4) != VersionNeedSection)
            {
                continue;
            }

            var strings = (int)BitConverter.ToInt64(elf, sections + BitConverter.ToInt32(elf, header + 0x28) * size + 0x18);
            var need = (int)BitConverter.ToInt64(elf, header + 0x18);
            for (uint next = 1; next != 0; need += (int)next)
            {
                var entry = need + (int)BitConverter.ToUInt32(elf, need + 8);
                for (var left = BitConverter.ToUInt16(elf, need + 2); left > 0; left--)
                {
                    if (Text(elf, strings + (int)BitConverter.ToUInt32(elf, entry + 8)) == Version)
                    {
                        BitConverter.GetBytes((ushort)(BitConverter.ToUInt16(elf, entry + 4) | WeakFlag)).CopyTo(elf, entry + 4);
                        marked++;
                    }

                    entry += (int)BitConverter.ToUInt32(elf, entry + 12);
                }

                next = BitConverter.ToUInt32(elf, need + 12);
            }
        }

        return marked;
    }

    private static string Text(byte[] elf, int offset)
    {
        var end = Array.IndexOf(elf, (byte)0, offset);
        return Encoding.ASCII.GetString(elf, offset, end - offset);
    }
}

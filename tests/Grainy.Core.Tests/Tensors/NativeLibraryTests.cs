using System.Buffers.Binary;
using System.Text;
using TorchSharp;

namespace Grainy.Core.Tests.Tensors;

/// <summary>What the native library beside the program asks of the system, read by a parser that shares nothing with the build step that marks it.</summary>
public sealed class NativeLibraryTests
{
    private static readonly Version NewestOfDebian12 = new(3, 4, 30);

    [Fact]
    public void Native_library_should_need_nothing_newer_than_Debian_12_has()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the shipped library is an ELF file on Linux only");

        var needs = VersionNeeds(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so")));

        var strong = needs.Where(need => !need.Weak && need.Version.StartsWith("GLIBCXX_", StringComparison.Ordinal))
            .Select(need => Version.Parse(need.Version["GLIBCXX_".Length..])).ToArray();
        strong.ShouldNotBeEmpty("the library is written in C++");
        strong.ShouldAllBe(version => version <= NewestOfDebian12);
    }

    [Fact]
    public void Native_library_should_be_one_filesbeside_the_program() =>
        Directory.GetFiles(AppContext.BaseDirectory, "*LibTorchSharp.so", SearchOption.AllDirectories).Length.ShouldBe(OperatingSystem.IsLinux() ? 1 : 0);

    [Fact, LeavesNoTensors]
    public void Torch_should_load_and_add()
    {
        using var one = torch.ones(3);
        using var two = one + one;

        two.ToFloats().ShouldBe([2f, 2f, 2f]);
    }

    // System V ABI, 64-bit little-endian: the section header table is walked for .gnu.version_r by name, then its Verneed and Vernaux chains.
    private static List<(string Version, bool Weak)> VersionNeeds(byte[] file)
    {
        file.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8).ShouldBeTrue("a 64-bit little-endian ELF file");
        var table = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(0x28));
        ushort entrySize = Half(0x3A), entries = Half(0x3C), namesAt = Half(0x3E);
        var sections = Enumerable.Range(0, entries).Select(i => table + (i * entrySize)).ToArray();
        var names = Offset(sections[namesAt]);
        var section = sections.Single(header => Text(names + Word(header)) == ".gnu.version_r");
        var strings = Offset(sections[Word(section + 0x28)]);

        var found = new List<(string, bool)>();
        var need = Offset(section);
        for (var files = Word(section + 0x2C); files > 0; files--)
        {
            var aux = need + Word(need + 8);
            for (var left = Half(need + 2); left > 0; left--)
            {
                found.Add((Text(strings + Word(aux + 8)), (Half(aux + 4) & 2) != 0));
                aux += Word(aux + 12);
            }

            need += Word(need + 12);
        }

        return found;

        ushort Half(int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));
        int Word(int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));
        int Offset(int header) => (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(header + 0x18));
        string Text(int at) => Encoding.ASCII.GetString(file.AsSpan(at, file.AsSpan(at).IndexOf((byte)0)));
    }
}

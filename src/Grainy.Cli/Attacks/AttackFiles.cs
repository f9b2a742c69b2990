using System.Globalization;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Core.Attacks;
using Grainy.Core.Images;

namespace Grainy.Cli.Attacks;

/// <summary>What an attack leaves in its folder.</summary>
internal sealed class AttackFiles(string folder, AttackFiles.Names names)
{
    private readonly SortedDictionary<int, ImageBuffer> _snapshots = [];

    /// <summary>The files that were given.</summary>
    internal sealed record Names(string Reference, string? Target, string? Anchor);

    public string Folder => folder;

    public void WriteSnapshot(int step, ImageBuffer picture)
    {
        _snapshots[step] = picture;
        Write("png8", string.Create(CultureInfo.InvariantCulture, $"step-{step:000000}.png"), picture);
    }

    /// <summary>All files of a finished attack; the answer is the content of <c>report.json</c>.</summary>
    public object Write(AttackReport report)
    {
        Write("png8", "reference.png", report.Reference);
        Write("png8", "anchor.png", report.Anchor);
        Write("png8", "result.png", report.Picture);
        Write("tiff32f", "result.tif", report.Exact);
        if (report.Target is { } target)
        {
            Write("png8", "target.png", target);
        }

        Write("png8", "sheet.png", AttackSheet.Of(report, _snapshots.Values));
        return Report(AttackDocument.Of(report, names, folder));
    }

    /// <summary>The best picture so far, and the report without a verdict.</summary>
    public object WriteInterrupted(AttackSettings settings, AttackUpdate last)
    {
        Write("png8", "result.png", last.Picture!);
        Write("tiff32f", "result.tif", last.Picture!);
        return Report(AttackDocument.OfInterrupted(settings, last, names, folder));
    }

    private object Report(object document)
    {
        OutputFile.Write(Path.Combine(folder, "report.json"), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(JsonText.Of(document) + "\n")));
        return document;
    }

    private void Write(string format, string name, ImageBuffer picture) =>
        OutputFile.Write(Path.Combine(folder, name), stream => ImageFormats.Write(format, picture, stream));
}

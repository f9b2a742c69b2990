using System.Text;

namespace Grainy.Cli.Scoring;

/// <summary>A CSV file with two columns, reference and image; a heading is allowed. Quoting as in RFC 4180.</summary>
internal static class PairsFile
{
    private static readonly string[] Headings = ["reference", "ref", "a"];

    /// <summary>Reads the pairs. Relative names are looked for from where the program runs, then from the folder of the file.</summary>
    /// <exception cref="CommandFailedException">A line has not two columns, or the file has none at all.</exception>
    public static IReadOnlyList<ImagePair> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new CommandFailedException($"there is no file '{path}' with pairs");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var pairs = new List<ImagePair>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Trim().Length == 0)
            {
                continue;
            }

            var cells = Cells(line) is [{ Length: > 0 } first, { Length: > 0 } second]
                ? (first, second)
                : throw new CommandFailedException($"{path}: line {number} does not have two columns, the reference and the image");
            if (pairs.Count > 0 || !Headings.Contains(cells.first, StringComparer.OrdinalIgnoreCase) || File.Exists(cells.first))
            {
                pairs.Add(new ImagePair(Locate(cells.first, folder), Locate(cells.second, folder)));
            }
        }

        return pairs.Count > 0 ? pairs : throw new CommandFailedException($"'{path}' names no pairs of images");
    }

    private static string Locate(string name, string folder) =>
        File.Exists(name) || !File.Exists(Path.Combine(folder, name)) ? name : Path.Combine(folder, name);

    private static List<string> Cells(string line)
    {
        var (cells, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '"' when quoted && i + 1 < line.Length && line[i + 1] == '"':
                    cell.Append(line[i++]);
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    cells.Add(cell.ToString().Trim());
                    cell.Clear();
                    break;
                default:
                    cell.Append(line[i]);
                    break;
            }
        }

        cells.Add(cell.ToString().Trim());
        return cells;
    }
}

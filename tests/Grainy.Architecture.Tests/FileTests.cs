using System.Text.RegularExpressions;
using Grainy.TestKit;

namespace Grainy.Architecture.Tests;

public sealed partial class FileTests
{
    private const int MostLines = 400;
    private static readonly string[] Sources = [".cs", ".razor", ".js", ".css", ".sh", ".sql", ".csproj", ".props", ".targets", ".yml"];
    private static readonly string[] Skipped = ["bin", "obj", "artifacts", "node_modules", ".git", "TestResults"];

    [Fact]
    public void Source_files_should_have_at_most_400_lines()
    {
        var long_ = Files().Where(file => Sources.Contains(Path.GetExtension(file))).Select(file => (file, lines: File.ReadLines(file).Count())).Where(file => file.lines > MostLines);

        long_.ShouldBeEmpty();
    }

    [Fact]
    public void Readme_should_name_only_files_that_exist()
    {
        var readme = File.ReadAllText(RepositoryRoot.Combine("README.md"));
        var named = LocalLink().Matches(readme).Concat(LocalPath().Matches(readme)).Select(match => match.Groups["path"].Value.Split('#')[0].TrimEnd('/', '.', ',')).Distinct();

        named.Where(path => path.Length > 0 && !File.Exists(RepositoryRoot.Combine(path)) && !Directory.Exists(RepositoryRoot.Combine(path))).ShouldBeEmpty();
    }

    [Fact]
    public void Decision_records_should_have_at_most_40_lines() =>
        Directory.EnumerateFiles(RepositoryRoot.Combine("deploy", "decisions"), "*.md").Where(file => File.ReadLines(file).Count() > 40).ShouldBeEmpty();

    private static IEnumerable<string> Files()
    {
        var folders = new Stack<string>([RepositoryRoot.Combine()]);
        while (folders.TryPop(out var folder))
        {
            foreach (var inner in Directory.EnumerateDirectories(folder).Where(inner => !Skipped.Contains(Path.GetFileName(inner))))
            {
                folders.Push(inner);
            }

            foreach (var file in Directory.EnumerateFiles(folder))
            {
                yield return file;
            }
        }
    }

    [GeneratedRegex(@"\]\((?<path>(?!https?:|#)[^)\s]+)\)")]
    private static partial Regex LocalLink();

    [GeneratedRegex(@"(?<![\w/.])(?<path>(src|ui|tests|deploy|\.ci)/[\w./-]+)")]
    private static partial Regex LocalPath();
}

using System.Text;
using Quincunx.Tests.Golden;

namespace Quincunx.Tests.Cli;

public sealed class HelpTests
{
    [Fact]
    public void Help_EveryCommand_MatchesTheApprovedText()
    {
        using var cli = new CliCase();
        var text = new StringBuilder();
        foreach (string command in new[] { "", "run", "simulate", "train", "sample", "diagnose", "report", "merge", "check", "list", "show", "export", "bench", "bench sbibm", "bench engine" })
        {
            string[] args = [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"];
            Assert.Equal(0, cli.Run(args));
            Assert.Equal("", cli.Error);
            // The program's name is the test runner's here.
            text.Append("$ quincunx ").AppendJoin(' ', args).Append('\n').Append(cli.Output.Replace("testhost", "quincunx", StringComparison.Ordinal).TrimEnd()).Append("\n\n");
        }

        GoldenFile.AssertMatches("help.txt", string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd())));
    }

    [Fact]
    public void Version_IsThatOfQuincunx()
    {
        using var cli = new CliCase();
        Assert.Equal(0, cli.Run("--version"));
        Assert.Matches("^quincunx [0-9]+\\.[0-9]+\\.[0-9]+", cli.Output);
    }

    [Fact]
    public void CommandsPage_HasEveryCommandAndExitCode()
    {
        string page = File.ReadAllText(Path.Combine(Repository(), "docs", "guide", "commands.md"));
        foreach (string word in new[] { "run", "simulate", "train", "sample", "diagnose", "report", "merge", "check", "list", "show", "export", "bench sbibm", "bench engine" })
        {
            Assert.Contains($"`quincunx {word}", page, StringComparison.Ordinal);
        }

        foreach (int code in Enumerable.Range(0, 5))
        {
            Assert.Contains($"\n| {code} |", page, StringComparison.Ordinal);
        }

        using var cli = new CliCase();
        cli.Run("--help");
        foreach (int code in Enumerable.Range(0, 5))
        {
            Assert.Contains($"\n  {code}  ", cli.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        }
    }

    private static string Repository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Quincunx.slnx")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }
}

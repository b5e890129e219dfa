using System.Diagnostics;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Execution.Slurm;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Tests.Runs.Execution;

public sealed class ShardScriptTests
{
    // The forms of sbatch(1), --time.
    [Theory]
    [InlineData("90", 0, 1, 30, 0)]
    [InlineData("90:15", 0, 1, 30, 15)]
    [InlineData("2:00:05", 0, 2, 0, 5)]
    [InlineData("3-12", 3, 12, 0, 0)]
    [InlineData("1-02:03", 1, 2, 3, 0)]
    [InlineData("1-02:03:04", 1, 2, 3, 4)]
    public void Duration_FormOfSlurm_IsItsTime(string text, int days, int hours, int minutes, int seconds) =>
        Assert.Equal(new TimeSpan(days, hours, minutes, seconds), ExecutionKeys.Duration(text));

    [Theory]
    [InlineData("plain-1.2_3/x", "plain-1.2_3/x")]
    [InlineData("", "''")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's $HOME", "'it'\\''s $HOME'")]
    public void Quote_Word_IsSafe(string word, string quoted)
    {
        Assert.Equal(quoted, ShellText.Quote(word));
        if (!OperatingSystem.IsWindows())
        {
            using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", "printf %s " + ShellText.Quote(word)]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            Assert.Equal(word, shell.StandardOutput.ReadToEnd());
        }
    }

    [Fact]
    public void Record_WrittenAndRead_IsTheSame()
    {
        using var folder = new ScratchFolder();
        SlurmRecord record = SlurmRecord.Empty(7) with { Submissions = [new SlurmSubmission("quincunx-a", 12, [1, 0, 3]), new SlurmSubmission("quincunx-b", 0, [2])] };
        record.Write(folder.Path);
        SlurmRecord read = SlurmRecord.Read(folder.Path, count: 9, Assert.Fail);
        Assert.Equal(7, read.Count);                // what is at work stays cut as it is
        Assert.Equal(record.Submissions.Select(s => (s.Name, s.Job, string.Join(',', s.Shards))), read.Submissions.Select(s => (s.Name, s.Job, string.Join(',', s.Shards))));
    }

    [Theory]
    [InlineData("{\"format\":1,")]
    [InlineData("{\"format\":2,\"count\":3,\"submissions\":[]}")]
    public void Record_ThatCannotBeRead_IsToldAndEmpty(string text)
    {
        using var folder = new ScratchFolder();
        folder.Write(SlurmRecord.FileName, text);
        List<string> warnings = [];
        SlurmRecord read = SlurmRecord.Read(folder.Path, count: 9, warnings.Add);
        Assert.Equal((9, 0), (read.Count, read.Submissions.Count));
        Assert.EndsWith("What was submitted before is not known: shards may be made twice, which does no harm.", Assert.Single(warnings), StringComparison.Ordinal);
    }
}

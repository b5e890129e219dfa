using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Runs.Studies;

public sealed class OtherObservationTests
{
    [Fact]
    public void Load_ColumnsOfAnotherFile_AreReadLikeTheStudysOwn()
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("s.yaml", "format: 1\nsimulator: dice\nprior: { bias: { beta: { a: 2, b: 2 } } }\nobservation: { file: gone.csv, columns: [b] }\n");
        string other = folder.Write("other.csv", "a,b\n1,2\n3,4\n");
        Study study = Study.Load(path, new ToyCatalog(), other);
        Assert.Equal([2.0, 4.0], study.Observation);
        Assert.Equal(["s.yaml", other], study.Inputs.Select(i => i.Name));
        Assert.Contains("gone.csv: no such file", Assert.Throws<StudyException>(() => Study.Load(path, new ToyCatalog())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,c\n1,2\n3,4\n", "s.yaml:4:42: observation.columns[0]: found 'b', which is no column of ")]
    [InlineData("a,b\n1,2\n", "s.yaml:4:41: observation.columns: found 1 numbers (1 columns of 1 rows), expected 2")]
    [InlineData("a,b\n1,2\n1,inf\n", "other.csv:3:3: found 'inf', expected a finite number.")]
    [InlineData("a,b\n", "other.csv: found a header without rows, expected at least one row of numbers.")]
    [InlineData("", "other.csv: found ")]
    public void Load_AnotherFileThatDoesNotFit_IsNamed(string csv, string message)
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("s.yaml", "format: 1\nsimulator: dice\nprior: { bias: { beta: { a: 2, b: 2 } } }\nobservation: { file: gone.csv, columns: [b] }\n");
        string other = folder.Write("other.csv", csv);
        Assert.Contains(message, Assert.Throws<StudyException>(() => Study.Load(path, new ToyCatalog(), other)).Message, StringComparison.Ordinal);
    }
}

namespace Quincunx.Runs.Studies.Rules;

/// <summary>Collects what is wrong with one file.</summary>
internal sealed class ProblemList(string file)
{
    public List<StudyProblem> Problems { get; } = [];

    public void Add(int line, int column, string path, string found, string expected, string? hint = null) =>
        Problems.Add(new StudyProblem(file, line, column, path, found, expected, hint));

    public void Add(StudyValue at, string found, string expected, string? hint = null) =>
        Add(at.Line, at.Column, at.Path, found, expected, hint);
}

namespace Quincunx.Runs.Studies;

/// <summary>A study cannot be used as it is written. The command line prints the message and ends with exit code 2.</summary>
public sealed class StudyException : Exception
{
    /// <param name="problems">At least one; sorted by file and place here.</param>
    public StudyException(IEnumerable<StudyProblem> problems)
        : this([.. problems.Distinct().OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line).ThenBy(p => p.Column)])
    {
    }

    private StudyException(StudyProblem[] sorted)
        : base(string.Join('\n', sorted.Select(p => p.ToString())))
    {
        Problems = sorted;
    }

    /// <summary>Everything that was found in one pass, sorted by file, line and column.</summary>
    public IReadOnlyList<StudyProblem> Problems { get; }
}

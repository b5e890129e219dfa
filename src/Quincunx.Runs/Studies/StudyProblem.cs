namespace Quincunx.Runs.Studies;

/// <summary>One thing that is wrong with a study.</summary>
/// <param name="File">The study file, or a file it names, as the user knows it.</param>
/// <param name="Line">Counted from 1; 0 where the file as a whole is meant.</param>
/// <param name="Column">Counted from 1; 0 where the file as a whole is meant.</param>
/// <param name="KeyPath">Keys from the top, such as <c>prior.alpha.normal.sd</c>; empty at the top.</param>
/// <param name="Found">End of the sentence "found …".</param>
/// <param name="Expected">End of the sentence "expected …".</param>
/// <param name="Hint">A sentence that helps, or null.</param>
public sealed record StudyProblem(string File, int Line, int Column, string KeyPath, string Found, string Expected, string? Hint = null)
{
    /// <summary>One line, <c>file:line:column: key: found …, expected …. hint</c>, in a form that editors and terminals make a link of.</summary>
    public override string ToString()
    {
        string place = Line > 0 ? $"{File}:{Line}:{Column}" : File;
        return $"{place}: {(KeyPath.Length > 0 ? KeyPath + ": " : "")}found {Found}, expected {Expected}.{(Hint is null ? "" : " " + Hint)}";
    }
}

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A value that obeys its rule, and its place.</summary>
/// <param name="Content">double, long, string, bool, a list of values, or a <see cref="StudyMap"/>.</param>
internal sealed record StudyValue(object Content, int Line, int Column, string Path)
{
    public StudyMap Map => (StudyMap)Content;

    public IReadOnlyList<StudyValue> Items => (IReadOnlyList<StudyValue>)Content;

    public double Number => Convert.ToDouble(Content, System.Globalization.CultureInfo.InvariantCulture);
}

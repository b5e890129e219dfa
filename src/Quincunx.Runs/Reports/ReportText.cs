namespace Quincunx.Runs.Reports;

/// <summary>A piece of plain text in a report; it is escaped when rendered.</summary>
/// <param name="Text">Any text; markup in it is shown, not obeyed.</param>
/// <param name="IsVolatile">Whether it may differ from run to run of one study, as times do. Its element then carries <c>data-volatile</c>.</param>
public readonly record struct ReportText(string Text, bool IsVolatile = false)
{
    public static implicit operator ReportText(string text) => new(text);

    /// <summary>Text that depends on the clock or the machine.</summary>
    public static ReportText Volatile(string text) => new(text, IsVolatile: true);
}

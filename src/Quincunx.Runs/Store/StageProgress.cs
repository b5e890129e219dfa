namespace Quincunx.Runs.Store;

/// <summary>A report from a run that is under way.</summary>
/// <param name="Index">Number of the stage, from 0 to <paramref name="Count"/> − 1.</param>
/// <param name="Done">Units of work done, those before an interruption included.</param>
/// <param name="Total">Units in all; 0 if unknown.</param>
/// <param name="Rate">Units a second since this process began the stage; NaN at the beginning.</param>
/// <param name="Unit">What is counted, in the plural: "simulations", "epochs".</param>
/// <param name="Values">Numbers to show, such as the training loss and its validation twin.</param>
/// <param name="Message">Text, or null.</param>
public sealed record StageProgress(
    string Stage,
    int Index,
    int Count,
    StageEvent Event,
    double Done,
    double Total,
    double Rate,
    string Unit,
    IReadOnlyList<(string Name, double Value)> Values,
    string? Message)
{
    /// <summary>Time until <see cref="Total"/> at the present rate; null if it cannot be told.</summary>
    public TimeSpan? Left => Rate > 0 && Total > Done && (Total - Done) / Rate < 1e9 ? TimeSpan.FromSeconds((Total - Done) / Rate) : null;
}

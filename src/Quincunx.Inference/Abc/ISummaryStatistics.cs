namespace Quincunx.Inference.Abc;

/// <summary>Fewer numbers that say what an event says about the parameters. Called by one thread at a time.</summary>
public interface ISummaryStatistics
{
    /// <summary>Numbers of a summary.</summary>
    int Count { get; }

    /// <param name="x">Events, row-major, shape <c>[n, outputs]</c>, finite.</param>
    /// <param name="summaries">Shape <c>[n, Count]</c>; overwritten. A non-finite number makes the event a failed one.</param>
    void Compute(ReadOnlySpan<double> x, Span<double> summaries);
}

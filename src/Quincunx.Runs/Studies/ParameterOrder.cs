namespace Quincunx.Runs.Studies;

/// <summary>Parameters in a simulator's order and in the study's.</summary>
/// <param name="inner">Names in the simulator's order.</param>
/// <param name="outer">A permutation of them, in the study's.</param>
internal sealed class ParameterOrder(IReadOnlyList<string> inner, IReadOnlyList<string> outer)
{
    private readonly int[] _source = [.. inner.Select(name => outer.ToList().IndexOf(name))];      // inner parameter i is the study's parameter _source[i]

    /// <summary>From the study's order to the simulator's.</summary>
    /// <param name="rows">Shape <c>[n, parameters]</c>.</param>
    /// <param name="ordered">The same shape; no overlap.</param>
    public void Inward(ReadOnlySpan<double> rows, Span<double> ordered)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            int column = i % _source.Length;
            ordered[i] = rows[i - column + _source[column]];
        }
    }

    /// <summary>From the simulator's order to the study's.</summary>
    /// <inheritdoc cref="Inward"/>
    public void Outward(ReadOnlySpan<double> rows, Span<double> ordered)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            int column = i % _source.Length;
            ordered[i - column + _source[column]] = rows[i];
        }
    }
}

using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Causal;

/// <summary>Observations of variables with finitely many states.</summary>
public sealed class DiscreteSample
{
    private readonly (string Name, int States)[] _variables;
    private readonly long[] _counts;        // of each cell, row-major

    /// <param name="variables">Names and numbers of states.</param>
    /// <param name="rows">Shape <c>[observations, variables]</c>, row-major: states from 0. At least one observation.</param>
    /// <exception cref="ArgumentException">A name comes twice, the rows are no whole number of observations, or a state does not exist.</exception>
    public DiscreteSample(IEnumerable<(string Name, int States)> variables, ReadOnlySpan<int> rows)
    {
        _variables = [.. variables];
        _counts = new long[DiscreteJoint.Cells(_variables)];
        int width = _variables.Length;
        if (width == 0 || rows.IsEmpty || rows.Length % width != 0)
        {
            throw new ArgumentException($"Expected one or more rows of {width} states, got {rows.Length} numbers.", nameof(rows));
        }

        Count = rows.Length / width;
        for (int row = 0; row < Count; row++)
        {
            int cell = 0;
            for (int i = 0; i < width; i++)
            {
                int state = rows[(row * width) + i];
                if (state < 0 || state >= _variables[i].States)
                {
                    throw new ArgumentException($"Expected a state of '{_variables[i].Name}' from 0 to {_variables[i].States - 1}, got {state} in row {row}.", nameof(rows));
                }

                cell = (cell * _variables[i].States) + state;
            }

            _counts[cell]++;
        }

        Joint = Of(_counts);
    }

    /// <summary>Number of observations.</summary>
    public int Count { get; }

    /// <summary>The empirical distribution: the share of the observations in each cell.</summary>
    public DiscreteJoint Joint { get; }

    /// <summary>The empirical distribution of as many observations, drawn from these with replacement (the bootstrap: Efron 1979, Ann. Stat. 7, 1).</summary>
    public DiscreteJoint Resampled(Rng rng)
    {
        long[] drawn = new long[_counts.Length];
        long left = Count, among = Count;
        for (int cell = 0; cell < drawn.Length && left > 0; cell++)
        {
            drawn[cell] = _counts[cell] == 0 ? 0 : _counts[cell] == among ? left : rng.NextBinomial(left, (double)_counts[cell] / among);
            (left, among) = (left - drawn[cell], among - _counts[cell]);
        }

        return Of(drawn);
    }

    private DiscreteJoint Of(long[] counts) => new(_variables, [.. counts.Select(count => (double)count / Count)]);
}

namespace Quincunx.Inference.Simulation;

/// <summary>Pairs that are in memory, seen as blocks.</summary>
public sealed class PairBlocks : IPairBlocks
{
    private readonly SimulationPairs _pairs;
    private readonly int _blockRows;

    /// <param name="blockRows">Rows of each block; the last has what is left.</param>
    /// <exception cref="ArgumentException">There are no pairs, or arrays are not of whole rows.</exception>
    public PairBlocks(SimulationPairs pairs, int blockRows)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blockRows);
        if (pairs.Count < 1 || pairs.Theta.Length % pairs.Count != 0 || pairs.X.Length % pairs.Count != 0)
        {
            throw new ArgumentException($"Expected whole rows, got {pairs.Theta.Length} and {pairs.X.Length} numbers for {pairs.Count} pairs.", nameof(pairs));
        }

        (_pairs, _blockRows) = (pairs, blockRows);
        (ParameterCount, OutputCount) = (pairs.Theta.Length / pairs.Count, pairs.X.Length / pairs.Count);
        Rows = [.. Enumerable.Range(0, (pairs.Count + blockRows - 1) / blockRows).Select(b => Math.Min(blockRows, pairs.Count - (b * blockRows)))];
    }

    /// <inheritdoc/>
    public int ParameterCount { get; }

    /// <inheritdoc/>
    public int OutputCount { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Rows { get; }

    /// <inheritdoc/>
    public int Excluded => _pairs.Excluded;

    /// <inheritdoc/>
    public void Read(int block, Span<double> theta, Span<double> x)
    {
        _pairs.Theta.AsSpan(block * _blockRows * ParameterCount, theta.Length).CopyTo(theta);
        _pairs.X.AsSpan(block * _blockRows * OutputCount, x.Length).CopyTo(x);
    }
}

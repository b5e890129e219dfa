namespace Quincunx.Inference.Simulation;

/// <summary>Parameters and outputs of simulations that all succeeded, in blocks that are read one at a time because they do not all fit in memory.</summary>
public interface IPairBlocks
{
    /// <summary>Numbers in a row of theta.</summary>
    int ParameterCount { get; }

    /// <summary>Numbers in a row of x.</summary>
    int OutputCount { get; }

    /// <summary>Number of pairs in each block; 0 where all its simulations failed.</summary>
    IReadOnlyList<int> Rows { get; }

    /// <summary>Failed simulations that were left out.</summary>
    int Excluded { get; }

    /// <summary>Reads a block. Called from one thread at a time, which need not be the same.</summary>
    /// <param name="block">Index in <see cref="Rows"/>.</param>
    /// <param name="theta">Shape <c>[rows of the block, ParameterCount]</c>, row-major; overwritten.</param>
    /// <param name="x">Shape <c>[rows of the block, OutputCount]</c>, row-major; overwritten with finite numbers.</param>
    void Read(int block, Span<double> theta, Span<double> x);
}

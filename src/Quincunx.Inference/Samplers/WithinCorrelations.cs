namespace Quincunx.Inference.Samplers;

/// <summary>Correlations of points about the mean of their own series, as far as two halves of the series agree on them.</summary>
/// <remarks>
/// About the own mean, since chains in different modes say nothing of the shape of any. Correlations are shrunk towards none as by Schäfer and Strimmer 2005 (doi:10.2202/1544-6115.1175), by the share λ = Σ Var(r) / Σ r² of their squares that is
/// noise. Their variance is not taken from the points but from two groups of series, as a quarter of the squared difference, so that chains that move slowly count as the few draws they are.
/// </remarks>
internal sealed class WithinCorrelations(int dimension, int series)
{
    private readonly double[] _means = new double[series * dimension], _delta = new double[dimension];
    private readonly double[][] _squares = [new double[dimension * dimension], new double[dimension * dimension]];
    private readonly long[] _counts = new long[series];

    /// <param name="own">Index of the series; its parity is the group.</param>
    public void Add(int own, ReadOnlySpan<double> point)
    {
        Span<double> mean = _means.AsSpan(own * dimension, dimension);
        RunningMoments.Shift(point, ++_counts[own], mean, _delta);
        RunningMoments.AddProducts(point, mean, _delta, _squares[own % 2]);
    }

    /// <summary>Shape <c>[d, d]</c>, the lower triangle, with ones on the diagonal.</summary>
    /// <param name="noise">What they are shrunk by, from 0 to 1.</param>
    public double[] Shrunk(out double noise)
    {
        double[] result = new double[dimension * dimension];
        double differences = 0, squares = 0;
        for (int i = 0; i < dimension; i++)
        {
            result[(i * dimension) + i] = 1;
            for (int j = 0; j < i; j++)
            {
                double one = Correlation(_squares[0], i, j), other = Correlation(_squares[1], i, j), mean = 0.5 * (one + other);
                differences += 0.25 * (one - other) * (one - other);
                squares += mean * mean;
                result[(i * dimension) + j] = mean;
            }
        }

        noise = differences < squares ? differences / squares : 1;
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j < i; j++)
            {
                result[(i * dimension) + j] *= 1 - noise;
            }
        }

        return result;
    }

    public void Clear()
    {
        Array.Clear(_means);
        Array.Clear(_counts);
        Array.ForEach(_squares, s => Array.Clear(s));
    }

    private double Correlation(double[] squares, int i, int j)
    {
        double product = squares[(i * dimension) + i] * squares[(j * dimension) + j];
        return product > 0 ? squares[(i * dimension) + j] / Math.Sqrt(product) : 0;
    }
}

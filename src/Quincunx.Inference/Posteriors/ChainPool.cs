using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Posteriors;

/// <summary>Chains of all observations, moved side by side by slice sampling.</summary>
/// <remarks>
/// The chains of an observation are cut in two halves, and each half moves along lines that the other half gives: differences of two of its points (as the ensemble slice sampler of Karamanis and Beutler
/// 2021, arXiv:2002.06212, which adapts to correlations and reaches other modes), or axes with its spread. Given the other half each move leaves the target unchanged. Within a half the chains belong to four
/// populations that never learn of each other's points by differences, so that their means can be compared.
/// </remarks>
internal sealed class ChainPool
{
    public const int Populations = 4;

    /// <summary>Chains come in multiples of this: two in each half of each population.</summary>
    public const int Unit = 2 * Populations;

    private const int MaxWidths = 50;
    private readonly PosteriorTarget _target;
    private readonly Half[] _halves;
    private readonly int _d, _rows, _quarter;
    private int _moves, _axis;

    /// <param name="chains">Of each observation, a multiple of <see cref="Unit"/>.</param>
    public ChainPool(PosteriorTarget target, int chains, Rng rng)
    {
        (_target, _d, Chains, _rows, _quarter) = (target, target.Dimension, chains, chains / 2, chains / Unit);
        Powers = new double[target.Observations];
        _halves = [new Half(this, rng.Split("left")), new Half(this, rng.Split("right"))];
    }

    public int Chains { get; }

    /// <summary>Of the likelihood of each observation.</summary>
    public double[] Powers { get; }

    /// <summary>The population of a chain, from 0.</summary>
    public int PopulationOf(int chain) => chain % _rows / _quarter;

    /// <summary>Where a chain of an observation is, unconstrained.</summary>
    public Span<double> Point(int observation, int chain)
    {
        Half half = _halves[chain / _rows];
        return half.Points.AsSpan(((observation * _rows) + (chain % _rows)) * _d, _d);
    }

    /// <summary>Log-density at it, at the power of the observation; to be set with the point.</summary>
    public ref double LogDensity(int observation, int chain) => ref _halves[chain / _rows].LogDensities[(observation * _rows) + (chain % _rows)];

    /// <summary>Two moves in three follow differences, the third an axis.</summary>
    public void Move(int moves)
    {
        for (int i = 0; i < moves; i++)
        {
            bool alongAxis = _moves++ % 3 == 2;
            Step(_halves[0], _halves[1], alongAxis);
            Step(_halves[1], _halves[0], alongAxis);
            _axis += alongAxis ? 1 : 0;
        }
    }

    private void Step(Half moved, Half other, bool alongAxis)
    {
        if (alongAxis)
        {
            AlongAxis(moved, other, _axis % _d);
        }
        else
        {
            AlongDifferences(moved, other);
        }

        moved.Slice.Move(moved.Points, moved.LogDensities, moved.Directions, width: 1, MaxWidths, moved.Streams);
    }

    private void AlongDifferences(Half moved, Half other)
    {
        for (int row = 0; row < moved.Streams.Length; row++)
        {
            // Two different chains of the same observation and population.
            int first = row - (row % _quarter), a = moved.Streams[row].NextInt32(_quarter), b = moved.Streams[row].NextInt32(_quarter - 1);
            b += b >= a ? 1 : 0;
            for (int j = 0; j < _d; j++)
            {
                moved.Directions[(row * _d) + j] = other.Points[((first + a) * _d) + j] - other.Points[((first + b) * _d) + j];
            }
        }
    }

    private void AlongAxis(Half moved, Half other, int axis)
    {
        Array.Clear(moved.Directions);
        for (int o = 0; o < _target.Observations; o++)
        {
            double mean = 0, squares = 0;
            for (int i = 0; i < _rows; i++)
            {
                double value = other.Points[(((o * _rows) + i) * _d) + axis], delta = value - mean;
                mean += delta / (i + 1);
                squares += delta * (value - mean);
            }

            // An interval of two standard deviations; of any length where all points are one.
            double width = 2 * Math.Sqrt(squares / _rows);
            for (int i = 0; i < _rows; i++)
            {
                moved.Directions[(((o * _rows) + i) * _d) + axis] = width > 0 && double.IsFinite(width) ? width : 1;
            }
        }
    }

    private sealed class Half
    {
        private readonly ChainPool _pool;
        private readonly int[] _owners;

        public Half(ChainPool pool, Rng rng)
        {
            int rows = pool._target.Observations * pool._rows;
            (_pool, _owners) = (pool, new int[2 * rows]);
            (Points, Directions, LogDensities) = (new double[rows * pool._d], new double[rows * pool._d], new double[rows]);
            Streams = [.. Enumerable.Range(0, rows).Select(r => rng.Split(r / pool._rows).Split(r % pool._rows))];
            Slice = new LineSlice(rows, pool._d, Evaluate);
        }

        public double[] Points { get; }

        public double[] LogDensities { get; }

        public double[] Directions { get; }

        public Rng[] Streams { get; }

        public LineSlice Slice { get; }

        private void Evaluate(ReadOnlySpan<int> rows, ReadOnlySpan<double> points, Span<double> logDensities)
        {
            Span<int> owners = _owners.AsSpan(0, rows.Length);
            for (int i = 0; i < rows.Length; i++)
            {
                owners[i] = rows[i] / _pool._rows;
            }

            _pool._target.Evaluate(owners, points, _pool.Powers, logDensities);
        }
    }
}

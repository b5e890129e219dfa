using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Ensembles;

/// <summary>The mixture of several posteriors in equal parts: its density is the mean of their densities, a draw is one of a member drawn at random.</summary>
/// <remarks>
/// Where members agree it is as sharp as they are; where they do not, it is as wide as their disagreement. Trained by <see cref="EnsembleEstimation"/>, or made of any amortised posteriors of the same parameters.
/// </remarks>
public sealed class PosteriorEnsemble : IPosteriorEstimator, IModule
{
    private readonly IPosteriorEstimator[] _members;
    private readonly Parameter _used;

    /// <param name="members">Of the same parameters, with normalised densities.</param>
    /// <exception cref="ArgumentException">There is none, their dimensions differ, or a density is not normalised.</exception>
    public PosteriorEnsemble(IReadOnlyList<IPosteriorEstimator> members)
        : this(members, [.. Enumerable.Repeat(true, members?.Count ?? 0)])
    {
    }

    internal PosteriorEnsemble(IReadOnlyList<IPosteriorEstimator> members, IReadOnlyList<bool> used)
    {
        ArgumentNullException.ThrowIfNull(members);
        _members = [.. members];
        if (_members.Length == 0)
        {
            throw new ArgumentException("Expected one or more members, got none.", nameof(members));
        }

        for (int i = 0; i < _members.Length; i++)
        {
            if (_members[i].Dimension != _members[0].Dimension || !_members[i].IsNormalised)
            {
                throw new ArgumentException(
                    $"Expected members of {_members[0].Dimension} parameters with normalised densities, got one of {_members[i].Dimension} {(_members[i].IsNormalised ? "" : "without ")}as number {i}.", nameof(members));
            }
        }

        _used = new Parameter(Tensor.From([.. used.Select(u => u ? 1.0 : 0.0)], new Shape(_members.Length)), isTrained: false);
    }

    /// <inheritdoc/>
    public int Dimension => _members[0].Dimension;

    /// <inheritdoc/>
    public bool IsNormalised => true;

    /// <summary>All members, those that are not used included.</summary>
    public IReadOnlyList<IPosteriorEstimator> Members => _members;

    /// <summary>The members that the mixture is of; those whose training diverged are not among them.</summary>
    public IReadOnlyList<IPosteriorEstimator> Used
    {
        get
        {
            ReadOnlySpan<double> used = _used.Value.AsSpan<double>();
            List<IPosteriorEstimator> members = [];
            for (int i = 0; i < _members.Length; i++)
            {
                if (used[i] != 0)
                {
                    members.Add(_members[i]);
                }
            }

            return members;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No whole rows, or what a member refuses.</exception>
    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        if (thetas.Length % Dimension != 0)
        {
            throw new ArgumentException($"Expected whole rows of {Dimension} parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        IReadOnlyList<IPosteriorEstimator> used = Used;
        (int[][] rows, Rng parent) = Deal(thetas.Length / Dimension, used.Count, rng);
        thetas.Fill(double.NaN);
        for (int m = 0; m < used.Count; m++)
        {
            double[] own = new double[rows[m].Length * Dimension];
            used[m].Sample(x, own, parent.Split(m));
            Scatter(own, rows[m], thetas);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Lengths do not fit, or what a member refuses.</exception>
    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int each = count * Dimension, pairs = each == 0 ? 0 : thetas.Length / each;
        if (thetas.Length != pairs * each || (pairs > 0 && (xs.IsEmpty || xs.Length % pairs != 0)))
        {
            throw new ArgumentException($"Expected [pairs, {count}, {Dimension}] parameters for as many observations, got {thetas.Length} and {xs.Length} numbers.", nameof(thetas));
        }

        if (pairs == 0)
        {
            return;
        }

        int features = xs.Length / pairs;
        IReadOnlyList<IPosteriorEstimator> used = Used;
        (int[][] rows, Rng parent) = Deal(pairs * count, used.Count, rng);
        thetas.Fill(double.NaN);
        for (int m = 0; m < used.Count; m++)
        {
            // One draw for each row of observations: as each row has its own anyway, that costs no more than many for one.
            double[] own = new double[rows[m].Length * Dimension], seen = new double[rows[m].Length * features];
            for (int i = 0; i < rows[m].Length; i++)
            {
                xs.Slice(rows[m][i] / count * features, features).CopyTo(seen.AsSpan(i * features));
            }

            used[m].SampleMany(seen, 1, own, parent.Split(m));
            Scatter(own, rows[m], thetas);
        }
    }

    /// <inheritdoc/>
    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        IReadOnlyList<IPosteriorEstimator> used = Used;
        double[][] logs = new double[used.Count][];
        for (int m = 0; m < used.Count; m++)
        {
            logs[m] = new double[logProbs.Length];
            used[m].LogProb(x, thetas, logs[m]);
        }

        Average(logs, logProbs);
    }

    /// <inheritdoc/>
    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs)
    {
        IReadOnlyList<IPosteriorEstimator> used = Used;
        double[][] logs = new double[used.Count][];
        for (int m = 0; m < used.Count; m++)
        {
            logs[m] = new double[logProbs.Length];
            used[m].LogProbPairs(thetas, xs, logs[m]);
        }

        Average(logs, logProbs);
    }

    /// <summary>What to report of each parameter at one observation: the mixture's central interval, which carries the disagreement of members, and the disagreement itself.</summary>
    /// <param name="x">One observation, <c>[k]</c>.</param>
    /// <param name="level">Probability inside the intervals, in (0, 1).</param>
    /// <param name="rng">Advanced by the draws.</param>
    /// <param name="draws">From each member, at least 100. Spreads have the noise of the draws in them: that of means is a standard deviation over √draws, that of ends some twice as much at a level of 0.9.</param>
    /// <returns>One entry a parameter; NaN where no member is used.</returns>
    public IReadOnlyList<EnsembleInterval> Intervals(ReadOnlySpan<double> x, double level, Rng rng, int draws = 4000)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 100);
        if (level is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "Expected a probability in (0, 1).");
        }

        IReadOnlyList<IPosteriorEstimator> used = Used;
        Rng parent = new(rng.NextUInt64());
        double[][] drawn = new double[used.Count][];
        for (int m = 0; m < used.Count; m++)
        {
            drawn[m] = new double[draws * Dimension];
            used[m].Sample(x, drawn[m], parent.Split(m));
        }

        return [.. Enumerable.Range(0, Dimension).Select(j => Interval([.. drawn.Select(thetas => Column(thetas, j))], (1 - level) / 2))];
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A member is not a module.</exception>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("used", _used);
        tree.Add("members", _members.Select((m, i) => m as IModule ?? throw new InvalidOperationException($"Member {i} ({m.GetType().Name}) keeps no parameters that could be stored.")));
    }

    // Which rows each member draws.
    private static (int[][] Rows, Rng Parent) Deal(int count, int members, Rng rng)
    {
        Rng parent = new(rng.NextUInt64()), choice = parent.Split("member");
        List<int>[] rows = [.. Enumerable.Range(0, members).Select(_ => new List<int>())];
        for (int i = 0; i < count && members > 0; i++)
        {
            rows[choice.NextInt32(members)].Add(i);
        }

        return ([.. rows.Select(r => r.ToArray())], parent);
    }

    private static EnsembleInterval Interval(double[][] members, double tail)
    {
        if (members.Length == 0)
        {
            return new EnsembleInterval(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        }

        WeightedSummary[] each = [.. members.Select(m => WeightedSummary.Of(m))];
        WeightedSummary mixture = WeightedSummary.Of([.. members.SelectMany(m => m)]);
        double[] lower = [.. each.Select(m => m.Quantile(tail))], upper = [.. each.Select(m => m.Quantile(1 - tail))];
        return new EnsembleInterval(
            mixture.Mean, mixture.StandardDeviation, mixture.Quantile(tail), mixture.Quantile(1 - tail),
            Spread([.. each.Select(m => m.Mean)]), Spread(lower), Spread(upper), lower.Min(), upper.Max());
    }

    private static double Spread(double[] values) => WeightedSummary.Of(values).StandardDeviation;

    private double[] Column(double[] thetas, int j) => [.. Enumerable.Range(0, thetas.Length / Dimension).Select(i => thetas[(i * Dimension) + j])];

    private void Scatter(double[] own, int[] rows, Span<double> thetas)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            own.AsSpan(i * Dimension, Dimension).CopyTo(thetas[(rows[i] * Dimension)..]);
        }
    }

    private static void Average(double[][] logs, Span<double> logProbs)
    {
        for (int i = 0; i < logProbs.Length; i++)
        {
            double largest = double.NegativeInfinity, sum = 0;
            foreach (double[] member in logs)
            {
                // Math.Max keeps NaN.
                largest = Math.Max(largest, member[i]);
            }

            foreach (double[] member in logs)
            {
                sum += double.IsFinite(largest) ? Math.Exp(member[i] - largest) : 0;
            }

            logProbs[i] = logs.Length == 0 ? double.NaN : double.IsFinite(largest) ? largest + Math.Log(sum / logs.Length) : largest;
        }
    }
}

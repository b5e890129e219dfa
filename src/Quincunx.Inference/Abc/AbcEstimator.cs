using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Abc;

/// <summary>Approximate posteriors of any observation from one table of simulations: the nearest ones, adjusted, under a kernel density.</summary>
/// <remarks>
/// Rejection (Pritchard et al. 1999) asked of each observation anew, at no simulation more, so that it can be checked like any amortised posterior. Rows may carry weights, prior over what their parameters were drawn from
/// (<see cref="PopulationAbc"/>). The density is that of <see cref="AbcPosterior"/>. All numbers it keeps are parameters of a module: the table, and the learned summary.
/// </remarks>
public sealed class AbcEstimator : IPosteriorEstimator, IModule
{
    private readonly SupportBijection _bijection;
    private readonly AbcEstimatorOptions _options;
    private readonly Parameter _theta, _summaries, _logWeights;
    private readonly LearnedSummary? _summary;
    private readonly int _features, _count;
    private AbcDistance? _distance;

    private AbcEstimator(SupportBijection bijection, int features, double[] theta, double[] summaries, double[] logWeights, LearnedSummary? summary, AbcEstimatorOptions options)
    {
        (_bijection, _features, _summary, _options, _count) = (bijection, features, summary, options, logWeights.Length);
        _theta = Kept(theta, _count, bijection.Dimension);
        _summaries = Kept(summaries, _count, SummaryCount);
        _logWeights = Kept(logWeights, _count, 1);
    }

    private AbcEstimator(AbcEstimator of, AbcEstimatorOptions options) => (_bijection, _features, _summary, _options, _count, _theta, _summaries, _logWeights, _distance) =
        (of._bijection, of._features, of._summary, options, of._count, of._theta, of._summaries, of._logWeights, of._distance);

    /// <inheritdoc/>
    public int Dimension => _bijection.Dimension;

    /// <inheritdoc/>
    public bool IsNormalised => true;

    /// <summary>Length of an observation.</summary>
    public int Features => _features;

    /// <summary>Rows of the table.</summary>
    public int Count => _count;

    /// <summary>Numbers that an event is compared by.</summary>
    public int SummaryCount => _summary?.Count ?? _features;

    /// <summary>How the summary's network was trained; null where there is none.</summary>
    public TrainingResult? Training => _summary?.Training;

    /// <summary>Keeps simulations, and learns a summary from them if the options ask for it.</summary>
    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Draws of the prior, shape <c>[n, d]</c>.</param>
    /// <param name="xs">Shape <c>[n, features]</c>, finite.</param>
    /// <param name="rng">Of the learned summary; not advanced.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is not finite or outside the support.</exception>
    public static AbcEstimator Fit(
        SupportBijection bijection, ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, int features, AbcEstimatorOptions options, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        options.Checked();
        int n = xs.Length / features;
        if (n == 0 || xs.Length != (long)n * features || thetas.Length != (long)n * bijection.Dimension)
        {
            throw new ArgumentException($"Expected as many rows of {bijection.Dimension} parameters as of {features} outputs, got {thetas.Length} and {xs.Length} numbers.", nameof(xs));
        }

        if (SimulationSet.FirstNonFinite(xs) is >= 0 and var at)
        {
            throw new ArgumentException($"Expected finite outputs, got {xs[at]} in row {at / features}.", nameof(xs));
        }

        LearnedSummary? summary = options.Summary is null ? null : LearnedSummary.Fit(bijection, thetas, xs, features, options.Summary, rng, cancel);
        return Of(bijection, thetas.ToArray(), xs, features, new double[n], summary, options);
    }

    /// <summary>One of the same shape without contents, that <see cref="ModuleState.Import"/> fills.</summary>
    /// <param name="rows">Of the table.</param>
    public static AbcEstimator Untrained(SupportBijection bijection, int rows, int features, AbcEstimatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        options.Checked();
        LearnedSummary? summary = options.Summary is null ? null : LearnedSummary.Untrained(bijection.Dimension, features, options.Summary);
        return new AbcEstimator(bijection, features, new double[rows * bijection.Dimension], new double[rows * (summary?.Count ?? features)], new double[rows], summary, options);
    }

    internal static AbcEstimator Of(
        SupportBijection bijection, double[] thetas, ReadOnlySpan<double> xs, int features, double[] logWeights, LearnedSummary? summary, AbcEstimatorOptions options)
    {
        double[] summaries = new double[logWeights.Length * (summary?.Count ?? features)];
        if (summary is null)
        {
            xs.CopyTo(summaries);
        }
        else
        {
            summary.Compute(xs, summaries);
        }

        return new AbcEstimator(bijection, features, thetas, summaries, logWeights, summary, options);
    }

    /// <summary>The same table, with draws that are not adjusted: as wide as the tolerance makes them, and so good to propose from.</summary>
    public AbcEstimator Unadjusted => new(this, _options with { Quantile = _options.Tolerance is null ? _options.Accepted(_count, SummaryCount)[0] / _count : null, Regression = null });

    internal LearnedSummary? Summary => _summary;

    /// <summary>The density about the accepted draws.</summary>
    /// <param name="x">One observation, <c>[k]</c>.</param>
    /// <returns>Null where the observation is not finite, or draws within the tolerance are too few or all in one place.</returns>
    public AbcPosterior? At(ReadOnlySpan<double> x)
    {
        double[] observed = Summarise(x);
        if (SimulationSet.FirstNonFinite(observed) >= 0)
        {
            return null;
        }

        AbcDistance distance = _distance ??= AbcDistance.Fit(_options.Metric, _summaries.Value.AsSpan<double>(), SummaryCount);
        double[] accepted = _options.Accepted(_count, SummaryCount);
        bool isWeighted = _logWeights.Value.AsSpan<double>().ContainsAnyExcept(0.0);
        AbcPosterior? best = null;
        foreach (double wanted in isWeighted ? accepted[..1] : accepted)
        {
            AbcPosterior? posterior = Density(distance, observed, wanted);
            best = best is null || posterior?.Score > best.Score ? posterior : best;
        }

        return best;
    }

    private AbcPosterior? Density(AbcDistance distance, double[] observed, double wanted)
    {
        (AbcDraws draws, AbcDraws? adjusted) = Accept(distance, observed, wanted);
        AbcPosterior? plain = adjusted is null || _options.AdjustOnlyWhereBetter ? AbcPosterior.TryMake(_bijection, draws) : null;
        AbcPosterior? moved = adjusted is null ? null : AbcPosterior.TryMake(_bijection, adjusted);
        return moved is null || plain?.Score > moved.Score ? plain : moved;
    }

    // The accepted draws at an observation, and the same adjusted where they are to be and can be.
    private (AbcDraws Draws, AbcDraws? Adjusted) Accept(AbcDistance distance, double[] observed, double wanted)
    {
        (AbcDraws draws, double tolerance) = Nearest(distance, observed, wanted * (1 - 1e-9));
        if (_options.Regression is null || draws.Count == 0)
        {
            return (draws, null);
        }

        (AbcDraws adjusted, RegressionReport report) = new RegressionAdjustment(_bijection, distance, observed, _options.Regression).Apply(draws, tolerance, new Rng(0).Split("regression"), CancellationToken.None);
        return (draws, report.Applied ? adjusted : null);
    }

    /// <inheritdoc/>
    /// <remarks>Not a number where there is no density at the observation (<see cref="At"/>).</remarks>
    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        if (At(x) is { } posterior)
        {
            posterior.Sample(thetas, rng);
        }
        else
        {
            thetas.Fill(double.NaN);
        }
    }

    /// <inheritdoc/>
    /// <inheritdoc cref="Sample" path="/remarks"/>
    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        if (At(x) is { } posterior)
        {
            posterior.LogProb(thetas, logProbs);
        }
        else
        {
            logProbs.Fill(double.NaN);
        }
    }

    /// <inheritdoc/>
    /// <inheritdoc cref="Sample" path="/remarks"/>
    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs)
    {
        int d = Dimension, pairs = logProbs.Length;
        CheckPairs(thetas.Length, pairs * d, xs.Length, pairs);
        double[] theta = thetas.ToArray(), x = xs.ToArray(), logs = new double[pairs];
        Parallel.For(0, pairs, i => LogProb(x.AsSpan(i * _features, _features), theta.AsSpan(i * d, d), logs.AsSpan(i, 1)));
        logs.CopyTo(logProbs);
    }

    /// <inheritdoc/>
    /// <inheritdoc cref="Sample" path="/remarks"/>
    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int width = count * Dimension, pairs = xs.Length / _features;
        CheckPairs(thetas.Length, pairs * width, xs.Length, pairs);
        double[] x = xs.ToArray(), drawn = new double[thetas.Length];
        Parallel.For(0, pairs, i => Sample(x.AsSpan(i * _features, _features), drawn.AsSpan(i * width, width), rng.Split(i)));
        drawn.CopyTo(thetas);
        rng.NextUInt64();
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("theta", _theta);
        tree.Add("summaries", _summaries);
        tree.Add("log_weights", _logWeights);
        if (_summary is not null)
        {
            tree.Add("summary", _summary);
        }
    }

    private static Parameter Kept(double[] values, int rows, int columns) => new(Tensor.From(values, new Shape(rows, columns), DType.Float64), isTrained: false);

    private double[] Summarise(ReadOnlySpan<double> x)
    {
        if (x.Length != _features)
        {
            throw new ArgumentException($"Expected an observation of {_features} numbers, got {x.Length}.", nameof(x));
        }

        // What is not finite is more than a summary can bear.
        if (_summary is null || SimulationSet.FirstNonFinite(x) >= 0)
        {
            return x.ToArray();
        }

        double[] summary = new double[_summary.Count];
        _summary.Compute(x, summary);
        return summary;
    }

    // All within the tolerance, or the nearest that are worth as many as are wanted; rows at the same distance together.
    private (AbcDraws Draws, double Tolerance) Nearest(AbcDistance distance, double[] observed, double wanted)
    {
        ReadOnlySpan<double> theta = _theta.Value.AsSpan<double>(), summaries = _summaries.Value.AsSpan<double>(), logWeights = _logWeights.Value.AsSpan<double>();
        int d = Dimension, m = SummaryCount;
        double[] distances = new double[_count];
        int[] order = new int[_count];
        double largest = double.NegativeInfinity;
        for (int i = 0; i < distances.Length; i++)
        {
            (distances[i], order[i]) = (distance.Between(summaries.Slice(i * m, m), observed), i);
            largest = Math.Max(largest, logWeights[i]);
        }

        double[] sorted = [.. distances];
        Array.Sort(sorted, order);
        int count = 0;
        double sum = 0, squares = 0;
        for (int i = 0; i < order.Length; i++)
        {
            if (_options.Tolerance is { } tolerance ? !(sorted[i] <= tolerance) : sum * sum >= wanted * squares && squares > 0 && sorted[i] > sorted[i - 1])
            {
                break;
            }

            double weight = Math.Exp(logWeights[order[i]] - largest);
            (sum, squares, count) = (sum + weight, squares + (weight * weight), i + 1);
        }

        int[] rows = [.. order.AsSpan(0, count).ToArray().Where(i => double.IsFinite(distances[i])).Order()];
        if (!(sum > 0) || rows.Length == 0)
        {
            return (AbcDraws.None(d), double.NaN);
        }

        var draws = new AbcDraws { Dimension = d, Theta = Rows(theta, rows, d), Summaries = Rows(summaries, rows, m), Distances = [.. rows.Select(i => distances[i])], Weights = new double[rows.Length] };
        for (int i = 0; i < rows.Length; i++)
        {
            draws.Weights[i] = Math.Exp(logWeights[rows[i]] - largest) / sum;
        }

        return (draws, _options.Tolerance ?? draws.Distances.Max());
    }

    private static double[] Rows(ReadOnlySpan<double> table, int[] rows, int columns)
    {
        double[] chosen = new double[rows.Length * columns];
        for (int i = 0; i < rows.Length; i++)
        {
            table.Slice(rows[i] * columns, columns).CopyTo(chosen.AsSpan(i * columns));
        }

        return chosen;
    }

    private void CheckPairs(int parameters, int expected, int observations, int pairs)
    {
        if (parameters != expected || observations != pairs * _features)
        {
            throw new ArgumentException($"Expected {pairs} rows of {_features} observed numbers and {expected} parameters, got {observations} and {parameters} numbers.");
        }
    }
}

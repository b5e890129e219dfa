using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;

namespace Quincunx.Inference.Samplers;

/// <summary>What Markov chains drew, and whether to believe it.</summary>
public sealed record ChainResult
{
    // Beyond these means and quantiles, and R-hat and ESS themselves, are not reliable (Vehtari et al. 2021, section 4).
    private const double LargestRHat = 1.01, LeastEss = 400;

    private readonly double[] _points, _logDensities;
    private readonly TransitionReport _report;
    private readonly Func<double[][], ChainSummary> _summarise;
    private readonly Lazy<ChainSummary[]> _coordinates;

    internal ChainResult(double[] points, double[] logDensities, int chains, int draws, int dimension, TransitionReport report, Func<double[][], ChainSummary>? summarise)
    {
        (_points, _logDensities, Chains, Draws, Dimension, _report) = (points, logDensities, chains, draws, dimension, report);
        _summarise = summarise ?? ChainSummary.Of;
        _coordinates = new Lazy<ChainSummary[]>(() => [.. Enumerable.Range(0, draws == 0 ? 0 : dimension).Select(j => Of(z => z[j]))]);
    }

    public required SamplerStop StopReason { get; init; }

    public int Chains { get; }

    /// <summary>Draws of each chain: all that were asked for, or 0.</summary>
    public int Draws { get; }

    public int Dimension { get; }

    /// <summary>Shape <c>[chains, draws, d]</c>, row-major.</summary>
    public ReadOnlyMemory<double> Points => _points;

    /// <summary>The target's log-density at each draw, shape <c>[chains, draws]</c>.</summary>
    public ReadOnlyMemory<double> LogDensities => _logDensities;

    /// <summary>Mean, spread, R-hat and effective draws of each coordinate; none where there are no draws.</summary>
    public IReadOnlyList<ChainSummary> Coordinates => _coordinates.Value;

    /// <summary>Evaluations of the density alone, after the warm-up; one a point.</summary>
    public required long DensityEvaluations { get; init; }

    /// <summary>Evaluations of density and gradient, after the warm-up; one a point.</summary>
    public required long GradientEvaluations { get; init; }

    /// <summary>As <see cref="DensityEvaluations"/>, at the start and in the warm-up.</summary>
    public required long WarmupDensities { get; init; }

    /// <summary>As <see cref="GradientEvaluations"/>, at the start and in the warm-up.</summary>
    public required long WarmupGradients { get; init; }

    /// <summary>Points where the density was NaN or +∞ or the gradient not finite, warm-up included; they counted as points of density 0.</summary>
    public required long Invalid { get; init; }

    /// <summary>Share of proposals accepted after the warm-up, of each chain; for Hamiltonian samplers the mean acceptance probability along trajectories; 1 for samplers that reject nothing.</summary>
    public IReadOnlyList<double> Acceptance => _report.Acceptance;

    /// <summary>Trajectories after the warm-up whose energy error showed that the step is too long for the density somewhere: where that happens draws are missing.</summary>
    public long Divergences => _report.Divergences;

    /// <summary>Iterations after the warm-up that were cut short by the limit of their length (tree depth, leapfrog steps, widening or shrinking of a slice). Honest but slow.</summary>
    public long Saturations => _report.Saturations;

    /// <summary>The step size that the warm-up arrived at; NaN for samplers without.</summary>
    public double StepSize => _report.StepSize;

    /// <summary>What is wrong, each with what may help; empty where nothing is known to be.</summary>
    public IReadOnlyList<string> Warnings => [.. Faults()];

    /// <summary>Mean, spread, R-hat and effective draws of any function of a draw.</summary>
    /// <exception cref="InvalidOperationException">There are no draws.</exception>
    public ChainSummary Of(Func<ReadOnlySpan<double>, double> quantity)
    {
        ArgumentNullException.ThrowIfNull(quantity);
        return _summarise(Series(quantity));
    }

    /// <summary>A function of the draws along each chain.</summary>
    /// <exception cref="InvalidOperationException">There are no draws.</exception>
    public double[][] Series(Func<ReadOnlySpan<double>, double> quantity)
    {
        ArgumentNullException.ThrowIfNull(quantity);
        if (Draws == 0)
        {
            throw new InvalidOperationException($"There are no draws: the sampler stopped with {StopReason}.");
        }

        double[][] series = new double[Chains][];
        for (int c = 0; c < Chains; c++)
        {
            series[c] = new double[Draws];
            for (int i = 0; i < Draws; i++)
            {
                series[c][i] = quantity(Point(c, i));
            }
        }

        return series;
    }

    /// <param name="chain">From 0.</param>
    /// <param name="draw">From 0.</param>
    /// <returns>Shape <c>[d]</c>.</returns>
    public ReadOnlySpan<double> Point(int chain, int draw)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)chain, (uint)Chains, nameof(chain));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)draw, (uint)Draws, nameof(draw));
        return _points.AsSpan(((chain * Draws) + draw) * Dimension, Dimension);
    }

    /// <summary>The same chains in the coordinates of a support, where they walked in unconstrained ones: draws are mapped, log-densities are those of theta.</summary>
    /// <exception cref="ArgumentException">Another dimension.</exception>
    public ChainResult ToConstrained(SupportBijection bijection)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        double[] thetas = new double[_points.Length], logSlopes = new double[_logDensities.Length];
        bijection.ToConstrained(_points, thetas);
        bijection.LogAbsDetToConstrained(_points, logSlopes);
        for (int i = 0; i < logSlopes.Length; i++)
        {
            logSlopes[i] = _logDensities[i] - logSlopes[i];
        }

        return new ChainResult(thetas, logSlopes, Chains, Draws, Dimension, _report, _summarise)
        {
            StopReason = StopReason,
            DensityEvaluations = DensityEvaluations,
            GradientEvaluations = GradientEvaluations,
            WarmupDensities = WarmupDensities,
            WarmupGradients = WarmupGradients,
            Invalid = Invalid,
        };
    }

    private IEnumerable<string> Faults()
    {
        if (StopReason == SamplerStop.NoFiniteStart)
        {
            yield return "The density is 0 or not a number at a start: start elsewhere, or look at the target there.";
        }
        else if (StopReason == SamplerStop.StepSizeCollapsed)
        {
            yield return $"No usable step size: the gradient is wrong or the density has jumps ({Invalid} points were not finite). Check the gradient, or use a sampler without one.";
        }
        else if (StopReason == SamplerStop.BudgetExhausted)
        {
            yield return Draws == 0
                ? "The gradients allowed ran out before the warm-up ended: allow more, or a shorter warm-up."
                : $"The gradients allowed ran out after {Draws} draws of each chain: these are what the result is of.";
        }
        else if (StopReason == SamplerStop.Stuck)
        {
            yield return "A chain never moved: its start may lie where the density is extreme. Start elsewhere, warm up longer or take smaller steps.";
        }

        if (Divergences > 0)
        {
            yield return $"{Divergences} of {(long)Chains * Draws} draws ended a divergent trajectory, so a region may be missing: reparametrise, or raise the target acceptance.";
        }

        if (Draws == 0)
        {
            yield break;
        }

        double rHat = Coordinates.Max(c => double.IsNaN(c.RHat) ? double.PositiveInfinity : c.RHat);
        if (rHat > LargestRHat)
        {
            yield return $"R-hat is {rHat:0.000} in a coordinate (above {LargestRHat}): the chains disagree. Run longer, or look for several modes.";
        }

        double ess = Coordinates.Min(c => double.IsNaN(c.BulkEss + c.TailEss) ? 0 : Math.Min(c.BulkEss, c.TailEss));
        if (ess < LeastEss)
        {
            yield return $"{ess:0} effective draws in a coordinate (below {LeastEss}): run longer.";
        }
    }
}

using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.BayesianNetworks;

/// <summary>Learns p(theta | x) from few simulations by a Bayesian neural network: the posterior is the mean over networks whose weights Hamiltonian chains draw (Neal 1996, Bayesian Learning for Neural Networks; for posteriors of simulators Delaunoy et al. 2024, arXiv:2408.15136).</summary>
/// <remarks>
/// A network gives a normal density of the standardised unconstrained parameters, whose mean and widths depend on x; what the simulations leave open about its weights and the scales of its layers (<see cref="WeightTarget"/>) becomes part of the posterior's width. All simulations are used: nothing is held out, and nothing is tuned on them.
/// </remarks>
public static class BayesianNetworkEstimation
{
    /// <summary>Fewer do not tell the scale of the parameters; each gradient looks at all of them, so that with more other methods do better in the same time.</summary>
    public const int FewestSimulations = 10, MostSimulations = 1000;

    private const int Probes = 32;

    // What is reported is a mean over networks, whose own spread is much larger than its error already with these.
    private const double LargestRHat = 1.05, LeastEss = 100;

    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, drawn from the prior (or from the prior restricted to a region); n from <see cref="FewestSimulations"/> to <see cref="MostSimulations"/>.</param>
    /// <param name="xs">Shape <c>[n, k]</c>, row-major, finite: leave failed simulations out, and report that you did.</param>
    /// <param name="rng">Draws starts and trajectories; not advanced.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, there are too few or too many simulations, numbers are not finite, a theta lies outside the support, or an option is out of its range.</exception>
    public static BayesianNetworkResult Train(
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        int features,
        BayesianNetworkOptions options,
        Rng rng,
        IProgress<SamplerProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        BayesianNetworkOptions o = options.Checked();
        var coordinates = PosteriorCoordinates.Fit(bijection, thetas, xs, features);
        int d = coordinates.Dimension, n = thetas.Length / d;
        if (n is < FewestSimulations or > MostSimulations)
        {
            throw new ArgumentException(
                $"Expected {FewestSimulations} to {MostSimulations} simulations, got {n}{(n > MostSimulations ? ": a flow (NeuralPosteriorEstimation) or an ensemble of them learns more from so many" : "")}.", nameof(thetas));
        }

        double[] z = new double[thetas.Length], x = new double[xs.Length];
        coordinates.ScaleTheta(thetas, z);
        coordinates.X.Apply(xs, x);
        var layout = new WeightLayout(d, features, o.Hidden);
        TensorTarget target = new WeightTarget(layout, x, z).Target;
        double[] start = ChainStarts.From(target, o.Chains, rng, (w, own) => own.FillNormal(w), cancel);
        ChainResult chains = Nuts.Run(target, start, rng.Split("chains"), o.Sampler, progress, cancel);

        var posterior = new BayesianNetworkPosterior(coordinates, o.Hidden, chains.Chains * chains.Draws);
        for (int i = 0; i < posterior.Networks; i++)
        {
            posterior.Assign(i, chains.Point(i / chains.Draws, i % chains.Draws));
        }

        return Report(posterior, chains, o, x, z);
    }

    /// <summary>A posterior of the same shape, to import stored weights into.</summary>
    /// <param name="networks">How many were kept: <see cref="BayesianNetworkPosterior.Networks"/>.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static BayesianNetworkPosterior Untrained(SupportBijection bijection, int features, BayesianNetworkOptions options, int networks)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(networks);
        return new BayesianNetworkPosterior(PosteriorCoordinates.Untrained(bijection, features), options.Checked().Hidden, networks);
    }

    private static BayesianNetworkResult Report(BayesianNetworkPosterior posterior, ChainResult chains, BayesianNetworkOptions options, double[] x, double[] z)
    {
        ChainSummary[] probes = chains.Draws < 4 ? [] : [.. Series(posterior, chains, x, z).Select(s => ChainSummary.Of(s))];
        double rHat = probes.Length == 0 ? double.NaN : probes.Max(p => double.IsNaN(p.RHat) ? double.PositiveInfinity : p.RHat), ess = probes.Length == 0 ? 0 : probes.Min(p => double.IsNaN(p.BulkEss) ? 0 : p.BulkEss);
        long trajectories = (long)chains.Chains * chains.Draws * options.Thinning;
        return new BayesianNetworkResult(
            posterior, chains.StopReason, rHat, ess, chains.Divergences, trajectories, chains.Saturations, chains.Acceptance.Average(), chains.StepSize, chains.WarmupGradients + chains.GradientEvaluations,
            [.. Warnings()]);

        IEnumerable<string> Warnings()
        {
            if (chains.StopReason == SamplerStop.BudgetExhausted)
            {
                yield return chains.Draws == 0
                    ? $"{options.MaxGradients} gradients were used before the warm-up ended, so there is no network: allow more, or a shorter warm-up or fewer hidden units."
                    : $"{options.MaxGradients} gradients were used when {chains.Draws} of {options.Draws} networks a chain were kept: the posterior is the mean of those.";
            }
            else if (chains.StopReason != SamplerStop.Completed)
            {
                yield return $"The chains ended with {chains.StopReason}: look at the simulations for extreme numbers, or warm up longer.";
            }

            if (chains.Draws > 0 && !(rHat <= LargestRHat && ess >= LeastEss))
            {
                yield return FormattableString.Invariant(
                    $"R-hat of what the networks say is {rHat:0.00} (above {LargestRHat} the chains disagree), with {ess:0} effective networks (below {LeastEss} the mean over them is rough): warm up longer, keep more networks or take fewer hidden units.");
            }

            // Trajectories of weights end divergent now and then where a scale is small; more than a few are missing networks.
            if (chains.Divergences > trajectories / 100)
            {
                yield return $"{chains.Divergences} of {trajectories} trajectories ended divergent, so that kinds of networks may be missing: raise the target acceptance.";
            }

            if (chains.Saturations > trajectories / 10)
            {
                yield return $"{chains.Saturations} of {trajectories} trajectories were cut short: warm up longer.";
            }
        }
    }

    // Log-density of each network at each probe: [probe][chain][draw].
    private static double[][][] Series(BayesianNetworkPosterior posterior, ChainResult chains, double[] x, double[] z)
    {
        int k = posterior.Features, d = posterior.Dimension, n = x.Length / k;
        return [.. Enumerable.Range(0, Math.Min(Probes, n)).Select(probe =>
        {
            int next = (probe + 1) % n;
            PredictiveNormals normals = posterior.At(Middle(x, probe * k, next * k, k));
            double[] at = Middle(z, probe * d, next * d, d), logs = new double[posterior.Networks];
            normals.LogProbs(at, logs);
            return logs.Chunk(chains.Draws).ToArray();
        })];
    }

    private static double[] Middle(double[] rows, int one, int other, int count) => [.. Enumerable.Range(0, count).Select(i => 0.5 * (rows[one + i] + rows[other + i]))];
}

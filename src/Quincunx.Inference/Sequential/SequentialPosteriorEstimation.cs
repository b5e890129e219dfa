using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Sequential;

/// <summary>Neural posterior estimation that knows the prior's density: from rounds of any proposals by the atomic loss, or from one round with balance.</summary>
/// <remarks>
/// <para>
/// Atomic loss (APT, also NPE-C; Greenberg, Nonnenmacher and Macke 2019, arXiv:1905.07488): each x is to name its own parameters among those of other pairs, in proportion to q(theta | x) / p(theta). Under
/// any proposal the best q is the posterior under the prior p itself, wherever proposals go. The network lives in the unconstrained coordinates of the prior's support, so that no mass
/// leaks out of it, which is this loss's known trouble; where no proposal went inside the support it still knows little, and the plain loss of the first round holds it in place.
/// </para>
/// <para>
/// Balance (Delaunoy et al. 2023, arXiv:2304.10978): the classifier σ(log q / p) is held to a condition that the posterior meets, which makes q err on the wide side while data are few.
/// </para>
/// </remarks>
public static class SequentialPosteriorEstimation
{
    /// <summary>Trains on the pairs of all rounds.</summary>
    /// <param name="prior">Continuous, with a density.</param>
    /// <param name="rounds">The first drawn from the prior; later ones from any proposals within its support. With one, the loss is that of <see cref="NeuralPosteriorEstimation"/>, and the balance if asked for.</param>
    /// <param name="features">Length of x.</param>
    /// <param name="rng">Decides the initial weights, the split, the order of batches and who is compared with whom; not advanced.</param>
    /// <param name="start">The network of an earlier round, whose scales and weights training starts from; left as it is. Null: new scales and weights.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">There is no round, lengths do not fit, numbers are not finite, the prior has no density, a theta has none under it, or an option is out of its range.</exception>
    public static NpeResult Train(
        IDistribution prior,
        IReadOnlyList<SimulationPairs> rounds,
        int features,
        SequentialNpeOptions options,
        TrainingOptions training,
        Rng rng,
        NeuralPosterior? start = null,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(rounds);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        Require.Density(prior, "The atomic loss and balance (apt, balanced npe) need", nameof(prior));
        SequentialNpeOptions o = options.Checked(rounds.Count);
        if (rounds.Count == 0)
        {
            throw new ArgumentException("Expected one or more rounds, got none.", nameof(rounds));
        }

        double[] thetas = [.. rounds.SelectMany(r => r.Theta)], xs = [.. rounds.SelectMany(r => r.X)];
        var bijection = new SupportBijection(prior);
        PosteriorCoordinates scales = PosteriorCoordinates.Fit(bijection, thetas, xs, features, groups: o.Network.Observations.ScaleGroups(features));
        var posterior = new NeuralPosterior(bijection, scales.Theta, scales.X, o.Network, rng.Split("weights"));
        if (start is not null)
        {
            ModuleState.Import(posterior, ModuleState.Export(start));
        }

        TrainingTask task;
        if (rounds.Count == 1 && o.Balance == 0)
        {
            task = new NpeTask(posterior, thetas, xs);
        }
        else
        {
            float[] plain = new float[thetas.Length / prior.Dimension];
            plain.AsSpan(0, rounds[0].Theta.Length / prior.Dimension).Fill(rounds.Count == 1 || o.KeepsPlainLoss ? 1 : 0);
            task = new SequentialNpeTask(
                posterior, scales.Pairs(thetas, xs), LogPrior(prior, scales, thetas), plain, rounds.Count == 1 ? 2 : o.Atoms, o.Balance);
        }

        return new NpeResult(posterior, Trainer.Run(task, training, rng.Split("training"), progress, checkpoints, cancel));
    }

    // In standardised unconstrained coordinates, where the network's densities are.
    private static float[] LogPrior(IDistribution prior, PosteriorCoordinates scales, double[] thetas)
    {
        int d = prior.Dimension;
        float[] logs = new float[thetas.Length / d];
        double[] z = new double[d];
        for (int i = 0; i < logs.Length; i++)
        {
            ReadOnlySpan<double> theta = thetas.AsSpan(i * d, d);
            scales.Bijection.ToUnconstrained(theta, z);
            double log = prior.LogProb(theta) + scales.Bijection.LogAbsDetToConstrained(z) - scales.Theta.LogAbsDet;
            logs[i] = double.IsFinite(log)
                ? (float)log
                : throw new ArgumentException($"Expected parameters with a density under the prior, got one of log-density {log:R} in row {i} of all rounds.", nameof(thetas));
        }

        return logs;
    }
}

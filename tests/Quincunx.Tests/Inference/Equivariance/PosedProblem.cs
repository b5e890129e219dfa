using Quincunx.Inference.Distributions;
using Quincunx.Inference.Equivariance;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Equivariance;

/// <summary>A problem of two parameters with a pose, its posterior by quadrature and its estimator, trained once.</summary>
internal sealed class PosedProblem : ILikelihood
{
    private readonly Func<double[], double[]> _mean;
    private readonly Func<double[], double> _noise;
    private readonly Lazy<EquivariantResult> _trained;

    private PosedProblem(IPoseGroup group, IDistribution prior, EquivariantOptions options, Func<double[], double[]> mean, Func<double[], double> noise, int simulations)
    {
        (Group, Prior, Options, _mean, _noise) = (group, prior, options, mean, noise);
        _trained = new Lazy<EquivariantResult>(() =>
        {
            (double[] thetas, double[] xs) = Simulate(simulations, new Rng(1));
            return EquivariantPosteriorEstimation.Train(group, new SupportBijection(prior), thetas, xs, options, Training, new Rng(2));
        });
    }

    public static TrainingOptions Training { get; } = EquivariantPosteriorEstimation.DefaultTraining with { MaxEpochs = 15, BatchSize = 200 };

    /// <summary>Eight numbers of N(mu, sigma²): the symmetry is exact but for the prior's bounds.</summary>
    public static PosedProblem LocationScale { get; } = new(
        new LocationScale(2, location: 0, scale: 1, features: 8),
        new IndependentProduct(("mu", new Uniform(-4, 4)), ("sigma", new LogUniform(0.2, 5))),
        Small(new IndependentProduct(("log_s", new Normal(0, 0.5)), ("t", new Normal(0, 0.7))), PoseSymmetry.Exact),
        theta => [.. Enumerable.Repeat(theta[0], 8)],
        theta => theta[1],
        simulations: 4000);

    /// <summary>A bump of unknown height and time on a ring of 24 samples, moved by whole samples and seen by a network that knows by how much.</summary>
    public static PosedProblem Bump { get; } = new(
        new SignalTranslation(2, timeParameter: 1, samples: 24, step: 1),
        new IndependentProduct(("height", new Uniform(1, 2)), ("time", new Uniform(6, 18))),
        Small(new Uniform(-1, 1), PoseSymmetry.Approximate),
        theta => [.. Enumerable.Range(0, 24).Select(i => theta[0] * Math.Exp(-0.125 * (i - theta[1]) * (i - theta[1])))],
        _ => 0.3,
        simulations: 4000);

    public IPoseGroup Group { get; }

    public IDistribution Prior { get; }

    public EquivariantOptions Options { get; }

    public EquivariantResult Result => _trained.Value;

    public EquivariantPosterior Posterior => Result.Posterior;

    public (double[] Thetas, double[] Xs) Simulate(int count, Rng rng)
    {
        int k = Group.Features;
        double[] thetas = new double[2 * count], xs = new double[k * count];
        for (int i = 0; i < count; i++)
        {
            Rng own = rng.Split(i);
            Prior.Sample(thetas.AsSpan(2 * i, 2), own);
            double[] theta = thetas[(2 * i)..((2 * i) + 2)];
            double[] mean = _mean(theta);
            for (int j = 0; j < k; j++)
            {
                xs[(i * k) + j] = mean[j] + (_noise(theta) * own.NextNormal());
            }
        }

        return (thetas, xs);
    }

    /// <summary>Log-evidence, means and standard deviations by the midpoint rule over the prior's box.</summary>
    public (double LogEvidence, double[] Mean, double[] Sd) Exact(double[] x, int cells = 200)
    {
        double[] logs = new double[cells * cells], centre = new double[2], squares = new double[2];
        double[] At(int i) => [.. Prior.Supports.Select((s, j) => s.Lower + ((s.Upper - s.Lower) / cells * ((j == 0 ? i / cells : i % cells) + 0.5)))];
        Parallel.For(0, logs.Length, i => logs[i] = Prior.LogProb(At(i)) + LogLikelihood(At(i), x));
        double largest = logs.Max(), sum = 0, area = Prior.Supports.Aggregate(1.0, (a, s) => a * (s.Upper - s.Lower) / cells);
        for (int i = 0; i < logs.Length; i++)
        {
            double weight = Math.Exp(logs[i] - largest);
            double[] theta = At(i);
            sum += weight;
            for (int j = 0; j < 2; j++)
            {
                centre[j] += weight * theta[j];
                squares[j] += weight * theta[j] * theta[j];
            }
        }

        double[] mean = [.. centre.Select(c => c / sum)];
        return (largest + Math.Log(sum * area), mean, [.. squares.Select((s, j) => Math.Sqrt((s / sum) - (mean[j] * mean[j])))]);
    }

    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        double[] own = theta.ToArray(), mean = _mean(own);
        double log = 0, noise = _noise(own);
        for (int i = 0; i < x.Length; i++)
        {
            log += new Normal(mean[i], noise).LogProb(x.Slice(i, 1));
        }

        return log;
    }

    private static EquivariantOptions Small(IDistribution kernel, PoseSymmetry symmetry)
    {
        var network = new NeuralPosteriorOptions { Flow = new FlowOptions { Transforms = 3, Hidden = 32 } };
        return new EquivariantOptions { Kernel = kernel, Symmetry = symmetry, Network = network, Start = network, Components = 32 };
    }
}

using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Abc;

/// <summary>Moves accepted draws to where they would be had their simulations hit the observation.</summary>
/// <remarks>
/// <para>
/// In the unconstrained coordinates z of the prior's support, with weights w (1 - (d / tolerance)²) (Epanechnikov). Linear (Beaumont et al. 2002): z = m(s) + e, and a draw becomes m(s_o) + e. Neural (Blum and
/// François 2010): z = m(s) + σ(s) e, and a draw becomes m(s_o) + e σ(s_o); m is the linear fit plus a network that starts at zero, the logarithm of σ another.
/// </para>
/// <para>
/// σ is fitted by the normal log-density of the residuals where the paper fits the logarithms of their squares: that logarithm has a variance of 4.9 for normal residuals and no bound where a residual is near 0.
/// </para>
/// </remarks>
internal sealed class RegressionAdjustment(SupportBijection bijection, AbcDistance distance, double[] observed, RegressionOptions options)
{
    // Rows for each unknown of the linear fit, below which residuals would be fitted away.
    private const int RowsPerUnknown = 3, LeastRowsOfNetworks = 50;

    /// <param name="draws">At least one.</param>
    /// <param name="tolerance">At least the largest distance.</param>
    public (AbcDraws Draws, RegressionReport Report) Apply(AbcDraws draws, double tolerance, Rng rng, CancellationToken cancel)
    {
        (double[] weights, int[] rows) = Weighted(draws, tolerance);
        int m = distance.Count;
        double effective = rows.Length == 0 ? 0 : Math.Pow(weights.Sum(), 2) / weights.Sum(w => w * w);
        if (effective < RowsPerUnknown * (m + 1) || (options.Kind == RegressionKind.Neural && effective < LeastRowsOfNetworks))
        {
            return (draws, new RegressionReport(options.Kind, Applied: false, [], Divergences: 0));
        }

        AbcDraws kept = draws.Select(rows, weights);
        (double[] s, double[] z) = (Scaled(kept), new double[kept.Theta.Length]);
        bijection.ToUnconstrained(kept.Theta, z);
        (double[] adjusted, double[] explained, int divergences) = Adjust(s, z, kept.Weights, rng, cancel);
        double[] theta = new double[z.Length];
        bijection.ToConstrained(adjusted, theta);
        return (kept with { Theta = theta }, new RegressionReport(options.Kind, Applied: true, explained, divergences));
    }

    // Where all have distance 0 the kernel is flat, and the regression has nothing to do.
    private static (double[] Weights, int[] Rows) Weighted(AbcDraws draws, double tolerance)
    {
        int[] rows = [.. Enumerable.Range(0, draws.Count).Where(i => draws.Distances[i] < tolerance || tolerance == 0)];
        return ([.. rows.Select(i => draws.Weights[i] * (tolerance > 0 ? 1 - Math.Pow(draws.Distances[i] / tolerance, 2) : 1))], rows);
    }

    // s - s_o in the coordinates of the distance.
    private double[] Scaled(AbcDraws draws)
    {
        int m = distance.Count;
        double[] s = new double[draws.Summaries.Length];
        for (int i = 0; i < draws.Count; i++)
        {
            distance.Difference(draws.Summaries.AsSpan(i * m, m), observed, s.AsSpan(i * m, m));
        }

        return s;
    }

    private (double[] Adjusted, double[] Explained, int Divergences) Adjust(double[] s, double[] z, double[] weights, Rng rng, CancellationToken cancel)
    {
        (int d, int m, int n) = (bijection.Dimension, distance.Count, weights.Length);
        var line = WeightedLeastSquares.Fit(s, m, z, d, weights);
        double[] fitted = new double[z.Length], atObserved = new double[d], residual = new double[z.Length], ratio = new double[z.Length];
        line.Apply(s, fitted);
        line.Apply(new double[m], atObserved);
        ratio.AsSpan().Fill(1);
        int divergences = 0;
        if (options.Kind == RegressionKind.Neural)
        {
            (double[] centre, double[] spread) = WeightedLeastSquares.Moments(s, m, weights);
            // One row more: the observation, at 0.
            double[] inputs = [.. s.Concat(new double[m]).Select((v, i) => (v - centre[i % m]) / spread[i % m])];
            double[] unit = Units(z, fitted, weights, d);
            double[] targets = [.. z.Select((v, i) => (v - fitted[i]) / unit[i % d])];
            double[] correction = Train(inputs, targets, weights, WeightedRegressionTask.Target.Mean, rng.Split("mean"), ref divergences, cancel);
            for (int i = 0; i < fitted.Length; i++)
            {
                fitted[i] += unit[i % d] * correction[i];
            }

            for (int j = 0; j < d; j++)
            {
                atObserved[j] += unit[j] * correction[(n * d) + j];
            }

            unit = Units(z, fitted, weights, d);
            targets = [.. z.Select((v, i) => (v - fitted[i]) / unit[i % d])];
            double[] logScale = Train(inputs, targets, weights, WeightedRegressionTask.Target.LogScale, rng.Split("scale"), ref divergences, cancel);
            for (int i = 0; i < ratio.Length; i++)
            {
                ratio[i] = Math.Exp(logScale[(n * d) + (i % d)] - logScale[i]);
            }
        }

        double[] before = WeightedLeastSquares.Moments(z, d, weights).Deviation;

        // The slopes take degrees of freedom from the residuals, which are therefore too small; those of numbers that never vary take none.
        int slopes = Enumerable.Range(0, m).Count(j => Enumerable.Range(0, n).Any(i => s[(i * m) + j] != s[j]));
        double effective = Math.Pow(weights.Sum(), 2) / weights.Sum(w => w * w), freedom = Math.Sqrt(effective / (effective - slopes));
        for (int i = 0; i < z.Length; i++)
        {
            residual[i] = freedom * (z[i] - fitted[i]);
        }

        double[] after = WeightedLeastSquares.Moments(residual, d, weights).Deviation;
        return ([.. residual.Select((e, i) => atObserved[i % d] + (e * ratio[i]))], [.. before.Select((sd, j) => 1 - Math.Pow(after[j] / sd, 2))], divergences);
    }

    private static double[] Units(double[] z, double[] fitted, double[] weights, int d) =>
        WeightedLeastSquares.Moments([.. z.Select((v, i) => v - fitted[i])], d, weights).Deviation;

    // The mean of the networks' outputs at all inputs, of which the first rows have targets.
    private double[] Train(double[] inputs, double[] targets, double[] weights, WeightedRegressionTask.Target target, Rng rng, ref int divergences, CancellationToken cancel)
    {
        (int d, int m, int n) = (bijection.Dimension, distance.Count, weights.Length);
        double[] mean = new double[(n + 1) * d];
        for (int i = 0; i < options.Networks; i++)
        {
            var network = new Mlp(m, options.Hidden, d, rng.Split(i).Split("weights"), Activation.Tanh, Initialiser.Zeros);
            var task = new WeightedRegressionTask(network, inputs[..(n * m)], targets, weights, target);
            TrainingResult result = Trainer.Run(task, options.Training, rng.Split(i).Split("training"), cancel: cancel);
            divergences += result.StopReason == StopReason.Diverged ? 1 : 0;
            using var scope = new TensorScope();
            using Recording.Pause pause = Recording.Off();
            double[] outputs = network.Forward(Tensor.From(inputs, new Shape(n + 1, m), DType.Float32)).ToArray();
            for (int j = 0; j < mean.Length; j++)
            {
                mean[j] += (target == WeightedRegressionTask.Target.Mean ? outputs[j] : WeightedRegressionTask.LogScale(outputs[j])) / options.Networks;
            }
        }

        return mean;
    }
}

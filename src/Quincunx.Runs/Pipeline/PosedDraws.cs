using Quincunx.Inference;
using Quincunx.Inference.Equivariance;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Pipeline;

/// <summary>Draws at the study's observation where chains find a pose: their last states, or, where the likelihood weights them, draws of the density that is made of the chains.</summary>
internal static class PosedDraws
{
    // Of a density: few beside draws, and enough that the poses it takes are those of the posterior.
    private const int ChainsOfDensity = 1000;

    private const int MostDrawsForOne = 100;

    /// <param name="stage">Whose random stream it is.</param>
    /// <returns>Parameters <c>[count, d]</c>, inside the prior, and log q of the mixture: of its draws normalised over the prior's support, so that weighted draws give the evidence.</returns>
    /// <exception cref="RunException">There are no draws.</exception>
    public static (double[] Theta, double[] LogProb, GibbsFacts Facts) Of(StudyModel model, EquivariantPosterior posterior, int count, string stage, CancellationToken cancel)
    {
        Rng rng = model.Stream(stage);
        double[] x = model.Observation;
        int d = model.Dimension, components = model.Study.Inference.Equivariance!.Components, chains = Math.Max(model.Study.Importance is null ? count : ChainsOfDensity, components);
        GibbsResult run = posterior.Run(x, chains, rng.Split("chains"), gibbs: null, cancel);
        if (run.StopReason == GibbsStop.OutsidePrior)
        {
            throw new RunException($"There are no draws of the posterior. {run.Advice}");
        }

        IPosterior mixture = posterior.Mixture(x, run);
        double[] logs = new double[count];
        if (model.Study.Importance is null)
        {
            double[] last = [.. run.Thetas.Take(count * d)];
            mixture.LogProb(last, logs);
            return (last, logs, GibbsFacts.Of(run, chains, components));
        }

        (double[] theta, double inside) = Inside(model, mixture, count, rng.Split("mixture"), cancel);
        mixture.LogProb(theta, logs);
        return (theta, [.. logs.Select(log => log - Math.Log(inside))], GibbsFacts.Of(run, chains, components, inside));
    }

    // Draws until as many lie inside. Of N draws up to the n-th inside, (n - 1) / (N - 1) is the unbiased estimate of the share inside (Haldane 1945, Biometrika 33, 222).
    private static (double[] Theta, double Share) Inside(StudyModel model, IPosterior mixture, int count, Rng rng, CancellationToken cancel)
    {
        int d = model.Dimension, kept = 0;
        long made = 0;
        double[] theta = new double[count * d], drawn = new double[count * d];
        for (int batch = 0; batch < MostDrawsForOne; batch++)
        {
            cancel.ThrowIfCancellationRequested();
            mixture.Sample(drawn, rng.Split(batch));
            for (int i = 0; i < count; i++)
            {
                made++;
                ReadOnlySpan<double> one = drawn.AsSpan(i * d, d);
                if (!model.Bijection.Contains(one))
                {
                    continue;
                }

                one.CopyTo(theta.AsSpan(kept * d));
                if (++kept == count)
                {
                    return (theta, (count - 1.0) / (made - 1));
                }
            }
        }

        throw new RunException($"There are no draws of the posterior: of {made} of its density {kept} lie inside the prior, {model.Method.WithoutDraws}");
    }
}

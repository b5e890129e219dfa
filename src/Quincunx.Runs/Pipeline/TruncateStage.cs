using Quincunx.Inference;
using Quincunx.Inference.Sequential;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Finds where the posterior of a round is, for the prior of the next.</summary>
internal sealed class TruncateStage(StudyModel model, int round) : IStage
{
    private const int Draws = 20_000;

    // A normal posterior of 8 parameters whose region holds 99 % has 1e-4 outside after this factor.
    private const double Margin = 1.25;

    public string Name => $"truncate-{round}";

    public int Version => 1;

    public IReadOnlyList<string> Reads => [RunFiles.Network(round)];

    public void AddInputs(InputHash hash)
    {
        model.AddPrior(hash);
        model.AddNetwork(hash);
        hash.Add("observation", model.Observation).Add("truncation", model.Study.Inference.Truncation).Add("seed", model.Study.Seed);
    }

    public void Run(StageContext context, CancellationToken cancel)
    {
        IPosteriorEstimator posterior = NetworkFile.Read(model, context.Input(RunFiles.Network(round)));
        double[] theta = PosteriorDraws.Of(model, posterior, Draws, Name, cancel);
        context.WriteNpz(RunFiles.Region(round + 1), "the region of the next round", RegionFile.Arrays(Restrict(model, theta).Region));
    }

    /// <summary>The prior where a posterior is.</summary>
    /// <param name="theta">Draws of the posterior.</param>
    /// <exception cref="RunException">The draws have collapsed onto fewer dimensions, or the prior has no density near them.</exception>
    public static (Ellipsoid Region, RestrictedPrior Prior) Restrict(StudyModel model, double[] theta)
    {
        double[] z = new double[theta.Length];
        model.Bijection.ToUnconstrained(theta, z);
        try
        {
            var region = Ellipsoid.Enclosing(z, model.Dimension, 1 - model.Study.Inference.Truncation, Margin);
            return (region, new RestrictedPrior(model.Prior, model.Bijection, region));
        }
        catch (ArgumentException e)
        {
            throw new RunException(
                $"The draws of the posterior give no region that the prior could be restricted to. {e.Message} The observation may be impossible under the prior, or training may have failed: "
                + "look at both, or infer in one round.",
                e);
        }
    }
}

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

    // 2: with the regions of earlier rounds.
    public int Version => 2;

    public IReadOnlyList<string> Reads => round == 1 ? [RunFiles.Network(round)] : [RunFiles.Network(round), RunFiles.Region(round)];

    public void AddInputs(InputHash hash)
    {
        model.AddPrior(hash);
        model.AddNetwork(hash);
        hash.Add("observation", model.Observation).Add("truncation", model.Study.Inference.Truncation).Add("seed", model.Study.Seed);
    }

    public void Run(StageContext context, CancellationToken cancel)
    {
        if (model.Method.TruncatesToBox)
        {
            Methods.Estimate estimate = NetworkFile.Estimate(model, context.Input(RunFiles.Network(round)));
            context.WriteNpz(RunFiles.Region(round + 1), "the region of the next round", RegionFile.Arrays(model.Method.Box(model, estimate, model.Stream(Name))));
            return;
        }

        IPosteriorEstimator posterior = NetworkFile.Read(model, context.Input(RunFiles.Network(round)));
        double[] theta = PosteriorDraws.Of(model, posterior, Draws, Name, cancel);
        IReadOnlyList<Ellipsoid> earlier = round == 1 ? [] : RegionFile.Read(model, context.Input(RunFiles.Region(round)));
        context.WriteNpz(RunFiles.Region(round + 1), "the region of the next round", RegionFile.Arrays(Restrict(model, theta, earlier).Regions));
    }

    /// <summary>The prior where a posterior is.</summary>
    /// <param name="theta">Draws of the posterior.</param>
    /// <param name="earlier">Regions that the prior is restricted to already.</param>
    /// <exception cref="RunException">The draws have collapsed onto fewer dimensions, or the prior has no density near them.</exception>
    public static (IReadOnlyList<Ellipsoid> Regions, RestrictedPrior Prior) Restrict(StudyModel model, double[] theta, IReadOnlyList<Ellipsoid> earlier)
    {
        double[] z = new double[theta.Length];
        model.Bijection.ToUnconstrained(theta, z);
        try
        {
            Ellipsoid[] regions = [.. earlier, Ellipsoid.Enclosing(z, model.Dimension, 1 - model.Study.Inference.Truncation, Margin)];
            return (regions, new RestrictedPrior(model.Prior, model.Bijection, regions));
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

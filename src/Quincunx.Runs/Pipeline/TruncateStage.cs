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
        double[] theta = new double[Draws * model.Dimension], z = new double[theta.Length];
        posterior.Sample(model.Observation, theta, model.Stream(Name));
        cancel.ThrowIfCancellationRequested();
        model.Bijection.ToUnconstrained(theta, z);
        context.WriteNpz(RunFiles.Region(round + 1), "the region of the next round", RegionFile.Arrays(RegionOf(model, z)));
    }

    /// <summary>Where a posterior is.</summary>
    /// <param name="z">Draws, unconstrained.</param>
    public static Ellipsoid RegionOf(StudyModel model, double[] z) => Ellipsoid.Enclosing(z, model.Dimension, 1 - model.Study.Inference.Truncation, Margin);
}

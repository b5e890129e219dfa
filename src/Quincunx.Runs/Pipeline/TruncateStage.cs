using Quincunx.Inference.Npe;
using Quincunx.Inference.Sequential;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Finds where the posterior of a round is, for the prior of the next.</summary>
internal sealed class TruncateStage(StudyModel model, int round) : IStage
{
    private const int Draws = 20_000;

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
        NeuralPosterior posterior = NetworkFile.Read(model, context.Input(RunFiles.Network(round)));
        double[] theta = new double[Draws * model.Dimension], z = new double[theta.Length], logProb = new double[Draws];
        posterior.Sample(model.Observation, theta, model.Stream(Name));
        cancel.ThrowIfCancellationRequested();
        posterior.LogProb(model.Observation, theta, logProb);
        model.Bijection.ToUnconstrained(theta, z);

        // Densities of z, not of theta: the region is one of z.
        double[] logDet = new double[Draws];
        model.Bijection.LogAbsDetToConstrained(z, logDet);
        for (int i = 0; i < Draws; i++)
        {
            logProb[i] += logDet[i];
        }

        Ellipsoid region = Ellipsoid.EnclosingDensest(z, logProb, 1 - model.Study.Inference.Truncation);
        context.WriteNpz(RunFiles.Region(round + 1), "the region of the next round", RegionFile.Arrays(region));
    }
}

using Quincunx.Inference;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Draws the parameters of the next round from the posterior of a round.</summary>
internal sealed class ProposeStage(StudyModel model, int round) : IStage
{
    public string Name => $"propose-{round}";

    public int Version => 1;

    public IReadOnlyList<string> Reads => [RunFiles.Network(round)];

    public void AddInputs(InputHash hash)
    {
        model.AddPrior(hash);
        model.AddNetwork(hash);
        hash.Add("observation", model.Observation).Add("simulations", model.Simulations(round + 1)).Add("seed", model.Study.Seed);
    }

    public void Run(StageContext context, CancellationToken cancel)
    {
        IPosteriorEstimator posterior = model.Method.Proposal(model, NetworkFile.Read(model, context.Input(RunFiles.Network(round))));
        double[] theta = PosteriorDraws.Of(model, posterior, model.Simulations(round + 1), Name, cancel);
        context.WriteNpz(RunFiles.Proposal(round + 1), "the parameters of the next round", ProposalFile.Arrays(theta, model.Dimension));
    }
}

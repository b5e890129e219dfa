using Quincunx.Inference;
using Quincunx.Inference.Ensembles;
using Quincunx.Inference.Equivariance;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Draws from the last network at the observation.</summary>
internal sealed class SampleStage(StudyModel model) : IStage
{
    public string Name => "sample";

    public int Version => 1;

    public IReadOnlyList<string> Reads => [RunFiles.Network(model.Rounds)];

    public void AddInputs(InputHash hash)
    {
        model.AddPrior(hash);
        model.AddNetwork(hash);
        hash.Add("observation", model.Observation).Add("draws", model.Study.PosteriorDraws).Add("seed", model.Study.Seed);
        hash.Add("reported", model.Study.Importance is null);
    }

    public void Run(StageContext context, CancellationToken cancel)
    {
        IPosteriorEstimator posterior = NetworkFile.Read(model, context.Input(RunFiles.Network(model.Rounds)));
        int n = model.Study.PosteriorDraws;
        (double[] theta, double[] logProb) = posterior is EquivariantPosterior posed ? Posed(posed, context, cancel) : Drawn(posterior, context, cancel);
        context.WriteNpz(
            RunFiles.Raw, "draws of the network", ("theta", NpyArray.Of(theta, n, model.Dimension)), ("log_q", NpyArray.Of(logProb)));
        if (posterior is PosteriorEnsemble ensemble)
        {
            context.WriteJson(RunFiles.Ensemble, "where the networks do not agree", EnsembleFacts.Of(model, ensemble, model.Stream(Name).Split("members")));
        }

        if (model.Study.Importance is null)
        {
            double[] ones = new double[n];
            Array.Fill(ones, 1.0);
            PosteriorFile.Write(context, model, theta, ones);
        }
    }

    private (double[] Theta, double[] LogProb) Drawn(IPosteriorEstimator posterior, StageContext context, CancellationToken cancel)
    {
        double[] theta = PosteriorDraws.Of(
            model, posterior, model.Study.PosteriorDraws, Name, cancel, report => context.WriteJson(RunFiles.SamplingFacts, "facts of the draws", SamplingFacts.Of(report)));
        double[] logProb = new double[model.Study.PosteriorDraws];
        posterior.LogProb(model.Observation, theta, logProb);
        return (theta, logProb);
    }

    private (double[] Theta, double[] LogProb) Posed(EquivariantPosterior posterior, StageContext context, CancellationToken cancel)
    {
        (double[] theta, double[] logProb, GibbsFacts facts) = PosedDraws.Of(model, posterior, model.Study.PosteriorDraws, Name, cancel);
        context.WriteJson(RunFiles.Gibbs, "facts of the chains", facts);
        if (!facts.HasConverged)
        {
            context.Warn(facts.Advice);
        }

        return (theta, logProb);
    }
}

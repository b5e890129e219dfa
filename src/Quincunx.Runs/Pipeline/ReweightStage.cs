using Quincunx.Inference.Importance;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline.Measuring;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline;

/// <summary>Reweights to the exact posterior by the likelihood, with a proposal refitted to its own weighted draws.</summary>
internal sealed class ReweightStage(StudyModel model, ILikelihood likelihood) : IStage
{
    public string Name => "reweight";

    public int Version => 2;

    public IReadOnlyList<string> Reads => [RunFiles.Raw];

    public void AddInputs(InputHash hash)
    {
        // The likelihood is the simulator's or that of the noise, which count through the network already.
        model.AddPrior(hash);
        hash.Add("observation", model.Observation).Add("seed", model.Study.Seed);
        ImportanceSettings settings = model.Study.Importance!;
        hash.Add("draws", settings.Draws).Add("rounds", settings.Rounds);
        if (settings.Effective is int effective)
        {
            hash.Add("effective", effective).Add("fresh", settings.Fresh);
        }
    }

    public void Run(StageContext context, CancellationToken cancel)
    {
        NpzFile raw = NpzFile.Read(context.Input(RunFiles.Raw), "theta", "log_q");
        int d = model.Dimension;
        double[] theta = raw.Values<double>("theta", -1, d), logQ = raw.Values<double>("log_q", theta.Length / d);
        (likelihood as NoiseLikelihood)?.CheckDeterministic(theta);
        double[] z = new double[theta.Length];
        model.Bijection.ToUnconstrained(theta, z);
        for (int i = 0; i < logQ.Length; i++)
        {
            logQ[i] += model.Bijection.LogAbsDetToConstrained(z.AsSpan(i * d, d));
        }

        (double[] draws, double[] logWeights, ImportanceFacts facts) = model.Study.Importance!.Rounds == 0
            ? Plain(z, logQ)
            : Adapted(z, logQ, context, cancel);
        (likelihood as NoiseLikelihood)?.ThrowIfBroken();
        context.WriteJson(RunFiles.ImportanceFacts, "facts of the reweighting", facts);
        context.WriteNpz(
            RunFiles.Importance, "importance weights", ("z", NpyArray.Of(draws, logWeights.Length, d)), ("log_weight", NpyArray.Of(logWeights)));
        if (facts.Efficiency > 0)
        {
            double[] thetas = new double[draws.Length];
            model.Bijection.ToConstrained(draws, thetas);
            PosteriorFile.Write(context, model, thetas, ImportanceWeights.FromLog(logWeights).Weights.ToArray());
        }
        else
        {
            context.Warn("No draw of the network has a likelihood above zero: the posterior is reported as the network has it.");
            double[] ones = new double[theta.Length / d];
            Array.Fill(ones, 1.0);
            PosteriorFile.Write(context, model, theta, ones);
        }
    }

    private (double[] Draws, double[] LogWeights, ImportanceFacts Facts) Plain(double[] z, double[] logQ)
    {
        int d = model.Dimension;
        double[] logWeights = new double[logQ.Length];
        Parallel.For(0, logQ.Length, i => logWeights[i] = LogTarget(z.AsSpan(i * d, d)) - logQ[i]);
        return (z, logWeights, ImportanceFacts.Of("none", ImportanceWeights.FromLog(logWeights).Efficiency, logWeights, [], logQ.Length));
    }

    private (double[] Draws, double[] LogWeights, ImportanceFacts Facts) Adapted(double[] z, double[] logQ, StageContext context, CancellationToken cancel)
    {
        ImportanceSettings settings = model.Study.Importance!;
        int round = 0, rounds = settings.Rounds;
        var progress = new Relay<AdaptationRound>(r => context.Report(++round, rounds + 1, "rounds", null, ("efficiency", r.Efficiency)));
        var options = new AdaptiveImportanceOptions { FinalDraws = settings.Effective is null ? settings.Draws : 1, Rounds = rounds };
        AdaptiveImportanceResult result = AdaptiveImportance.Run(LogTarget, z, logQ, model.Dimension, model.Stream(Name), options, progress, cancel);
        return result.Proposal is null
            ? ([], [], ImportanceFacts.None(result.Stop.ToString(), result.History[0].Efficiency, result.History, result.Evaluations))
            : settings.Effective is int effective ? Until(effective, settings, result, context, cancel)
            : ([.. result.Draws], [.. result.LogWeights], ImportanceFacts.Of(result.Stop.ToString(), result.History[0].Efficiency, [.. result.LogWeights], result.History, result.Evaluations));
    }

    private (double[] Draws, double[] LogWeights, ImportanceFacts Facts) Until(
        int effective, ImportanceSettings settings, AdaptiveImportanceResult adapted, StageContext context, CancellationToken cancel)
    {
        var proposal = new MixtureProposal(adapted.Proposal!, model.Bijection);
        var options = new DrawUntilOptions { MaxDraws = settings.Draws, Rule = settings.Fresh ? StoppingRule.FreshDraws : StoppingRule.FirstPassage };
        var progress = new Relay<DrawUntilLook>(l => context.Report(l.Draws, 0, "draws", null, ("effective", l.Effective)));
        DrawUntilResult result = PosteriorReweighting.ByLikelihood(proposal, model.Prior, likelihood, model.Observation)
            .DrawUntil(effective, model.Stream(Name).Split("until"), options, progress: progress, cancel: cancel);
        cancel.ThrowIfCancellationRequested();
        ReweightedDraws draws = result.Draws!;
        bool fresh = settings.Fresh && result.StopReason is DrawUntilStop.Reached or DrawUntilStop.ReachedUnreliably;
        var facts = ImportanceFacts.Of(
            adapted.Stop.ToString(), adapted.History[0].Efficiency, draws.LogWeights, adapted.History, adapted.Evaluations + ((fresh ? 2L : 1) * draws.Evaluations),
            new DrawingFacts(effective, result.StopReason.ToString(), fresh, result.Advice));
        double[] z = new double[draws.Thetas.Length];
        model.Bijection.ToUnconstrained(draws.Thetas, z);
        return (z, [.. draws.LogWeights], facts);
    }

    /// <summary>log prior × likelihood as a density of the unconstrained coordinates.</summary>
    private double LogTarget(ReadOnlySpan<double> z)
    {
        Span<double> theta = z.Length <= 64 ? stackalloc double[z.Length] : new double[z.Length];
        model.Bijection.ToConstrained(z, theta);
        double logPrior = model.Prior.LogProb(theta);
        return double.IsFinite(logPrior)
            ? logPrior + likelihood.LogLikelihood(theta, model.Observation) + model.Bijection.LogAbsDetToConstrained(z)
            : double.NegativeInfinity;
    }
}

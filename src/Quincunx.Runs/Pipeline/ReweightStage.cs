using Quincunx.Inference.Importance;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Reweights to the exact posterior by the likelihood, with a proposal refitted to its own weighted draws.</summary>
internal sealed class ReweightStage(StudyModel model, ILikelihood likelihood) : IStage
{
    public string Name => "reweight";

    public int Version => 1;

    public IReadOnlyList<string> Reads => [RunFiles.Raw];

    public void AddInputs(InputHash hash)
    {
        // The likelihood is the simulator's, whose name and options count through the network already.
        model.AddPrior(hash);
        hash.Add("observation", model.Observation).Add("seed", model.Study.Seed);
        hash.Add("draws", model.Study.Importance!.Draws).Add("rounds", model.Study.Importance.Rounds);
    }

    public void Run(StageContext context, CancellationToken cancel)
    {
        NpzFile raw = NpzFile.Read(context.Input(RunFiles.Raw), "theta", "log_q");
        int d = model.Dimension;
        double[] theta = raw.Values<double>("theta", -1, d), logQ = raw.Values<double>("log_q", theta.Length / d);
        double[] z = new double[theta.Length];
        model.Bijection.ToUnconstrained(theta, z);
        for (int i = 0; i < logQ.Length; i++)
        {
            logQ[i] += model.Bijection.LogAbsDetToConstrained(z.AsSpan(i * d, d));
        }

        (double[] draws, double[] logWeights, ImportanceFacts facts) = model.Study.Importance!.Rounds == 0
            ? Plain(z, logQ)
            : Adapted(z, logQ, context, cancel);
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
        var weights = ImportanceWeights.FromLog(logWeights);
        return (z, logWeights, ImportanceFacts.Of("none", weights.Efficiency, weights, [], logQ.Length));
    }

    private (double[] Draws, double[] LogWeights, ImportanceFacts Facts) Adapted(double[] z, double[] logQ, StageContext context, CancellationToken cancel)
    {
        (int finalDraws, int rounds) = model.Study.Importance!;
        int round = 0;
        var progress = new Relay<AdaptationRound>(r => context.Report(++round, rounds + 1, "rounds", null, ("efficiency", r.Efficiency)));
        var options = new AdaptiveImportanceOptions { FinalDraws = finalDraws, Rounds = rounds };
        AdaptiveImportanceResult result = AdaptiveImportance.Run(LogTarget, z, logQ, model.Dimension, model.Stream(Name), options, progress, cancel);
        return result.Weights is null
            ? ([], [], ImportanceFacts.Of(result.Stop.ToString(), result.History[0].Efficiency, null, result.History, result.Evaluations))
            : ([.. result.Draws], [.. result.LogWeights], ImportanceFacts.Of(result.Stop.ToString(), result.History[0].Efficiency, result.Weights, result.History, result.Evaluations));
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

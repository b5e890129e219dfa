using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Reports;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>What the earlier stages found, read from their files, and the verdict on it.</summary>
internal sealed class RunResults
{
    private RunResults(StudyModel model, VerdictFacts facts, NpzFile diagnostics, (double[] Theta, double[] Weights) posterior)
    {
        (Model, Facts, Diagnostics, Verdict) = (model, facts, diagnostics, VerdictRules.Judge(facts));
        (Theta, Weights) = posterior;
    }

    public StudyModel Model { get; }

    public VerdictFacts Facts { get; }

    public ReportVerdict Verdict { get; }

    /// <summary>Arrays of the diagnostics.</summary>
    public NpzFile Diagnostics { get; }

    /// <summary>The reported posterior, shape <c>[n, d]</c>.</summary>
    public double[] Theta { get; }

    /// <summary>Mean 1.</summary>
    public double[] Weights { get; }

    /// <summary>Draws of the network, shape <c>[n, d]</c>; null where they are the reported posterior.</summary>
    public double[]? NetworkTheta { get; private init; }

    /// <summary>Empty where nothing was reweighted.</summary>
    public double[] LogWeights { get; private init; } = [];

    /// <summary>What a network of single parameters says; null where the study asks for none.</summary>
    public MarginalFacts? Marginals { get; private init; }

    public string ReportedLabel => Facts.IsReweighted ? "reweighted" : Facts.Noun;

    public static RunResults Read(StudyModel model, StageContext context)
    {
        int[] rounds = [.. Enumerable.Range(1, model.Rounds)];
        bool hasWeights = Reweights(model);
        NetworkFacts[] networks = [.. rounds.Select(r => JsonArtifact.Read<NetworkFacts>(context.Input(RunFiles.NetworkFacts(r))))];
        var facts = new VerdictFacts(
            [.. rounds.Select(r => SimulationFacts.Of(CampaignIndex.Read(context.Input(RunFiles.Simulations(r)))).And(networks[r - 1].Fresh))],
            networks,
            JsonArtifact.Read<DiagnosticFacts>(context.Input(RunFiles.DiagnosticFacts)),
            hasWeights ? JsonArtifact.Read<ImportanceFacts>(context.Input(RunFiles.ImportanceFacts)) : null,
            model.Study.Diagnostics,
            model.Study.PosteriorDraws,
            model.Method.Samples ? JsonArtifact.Read<SamplingFacts>(context.Input(RunFiles.SamplingFacts)) : null,
            model.Study.Inference.Ensemble is null ? null : JsonArtifact.Read<EnsembleFacts>(context.Input(RunFiles.Ensemble)),
            model.Study.Inference.Equivariance is null ? null : JsonArtifact.Read<GibbsFacts>(context.Input(RunFiles.Gibbs)));
        var diagnostics = NpzFile.Read(context.Input(RunFiles.Diagnostics));
        (double[], double[]) posterior = PosteriorFile.Read(model, context.Input(RunFiles.PosteriorNpz));
        MarginalFacts? marginals = model.Study.Marginals is null ? null : JsonArtifact.Read<MarginalFacts>(context.Input(RunFiles.Marginals));
        return facts.IsReweighted
            ? new RunResults(model, facts, diagnostics, posterior)
            {
                NetworkTheta = NpzFile.Read(context.Input(RunFiles.Raw), "theta").Values<double>("theta", -1, model.Dimension),
                Marginals = marginals,
                LogWeights = NpzFile.Read(context.Input(RunFiles.Importance), "log_weight").Values<double>("log_weight", -1),
            }
            : new RunResults(model, facts, diagnostics, posterior) { Marginals = marginals };
    }

    /// <summary>Whether the study's run has a stage that reweights.</summary>
    public static bool Reweights(StudyModel model) => model.Study.Importance is not null && model.Likelihood is not null;

    public Metrics ToMetrics() => new(
        Format: 1,
        VerdictMetrics.Of(Verdict),
        ReportedLabel,
        [.. Model.ParameterNames.Select(Summary)],
        Facts.Importance is null ? null : ImportanceMetrics.Of(Facts.Importance),
        new DiagnosticMetrics(Facts.Diagnostics.Sbc, Facts.Diagnostics.Coverage, Facts.Diagnostics.Predictive, Facts.Diagnostics.Typical),
        [.. Facts.Networks.Select(TrainingMetrics.Of)],
        SimulationMetrics.Of(Facts.Simulations),
        Facts.Gibbs);

    private ParameterMetrics Summary(string name, int index)
    {
        SpreadMetrics? networks = Facts.Ensemble is { } ensemble ? SpreadMetrics.Of(ensemble.Parameters[index]) : null;
        return NetworkTheta is null
            ? ParameterMetrics.Of(name, index, Model.Dimension, Theta, Weights, raw: null, networks)
            : ParameterMetrics.Of(name, index, Model.Dimension, Theta, Weights, ParameterMetrics.Of(name, index, Model.Dimension, NetworkTheta, default, raw: null, networks));
    }
}

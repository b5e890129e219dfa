using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Reports;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>The section that says how the posterior was obtained, and which one is reported.</summary>
internal sealed class MethodSection(RunResults results, FigureSet figures)
{
    private readonly StudyModel _model = results.Model;
    private readonly VerdictFacts _facts = results.Facts;

    public IEnumerable<ReportBlock> Blocks()
    {
        long failed = _facts.Simulations.Sum(s => (long)s.Failed), total = _facts.Simulations.Sum(s => (long)s.Count);
        if (failed > 0)
        {
            yield return new ReportWarning(
                $"{Words.Count(failed)} of {Words.Count(total)} simulations failed and were left out: the {_facts.Noun} learned the posterior under the prior given that the simulation succeeds.");
        }

        yield return new ReportFacts([.. Facts()]);
        yield return new ReportTable
        {
            Caption = "Prior",
            Header = ["parameter", "distribution"],
            Rows = [.. _model.Study.Prior.Select(p => (IReadOnlyList<ReportText>)[p.Name, p.ToString()])],
            TextColumns = 2,
        };
        if (_model.Study.Correlation is { } correlation)
        {
            yield return new ReportParagraph($"In the prior the normal scores of {string.Join(", ", correlation.Parameters)} are correlated, by the matrix in the study file.");
        }

        yield return Rounds();
        if (_facts.Importance is not { } weights)
        {
            yield break;
        }

        if (!_facts.IsReweighted)
        {
            yield return new ReportWarning("The study asks for reweighting by the likelihood, but too few draws of the network have a likelihood above zero. The network's own posterior is reported.");
            yield break;
        }

        yield return new ReportParagraph(
            (weights.Adaptation == "none"
                ? "Each draw of the network was weighted by prior × likelihood / density of the network, under the whole prior, not the truncated one. "
                : "Starting from the network's draws, a proposal was refitted to its own weighted draws; the reported draws are fresh ones from the last proposal, weighted by prior × likelihood / proposal under the whole prior, not the truncated one. ")
            + "The effective sample size accounts for chance. It cannot see a part of the posterior that no draw has reached.");
        yield return new ReportFacts(
        [
            ("Draws", Words.Count(weights.Draws)),
            ("Effective sample size", $"{Words.Count(weights.EffectiveSampleSize)} (efficiency {Words.Percent(weights.Efficiency)}; of the network itself {Words.Percent(weights.RawEfficiency)})"),
            ("Tail index of the weights", $"k = {Words.Fixed(weights.ParetoK, 2)} (reliable below {Words.Fixed(weights.ParetoKLimit, 2)})"),
            ("Log evidence", $"{Words.Fixed(weights.LogEvidence, 3)} ± {Words.Fixed(weights.LogEvidenceError, 3)} (natural logarithm, standard error)"),
            ("Draws without weight", $"{Words.Count(weights.Zeros)} outside the support, {Words.Count(weights.Invalid)} with a likelihood that is not a number"),
            ("Refitting", Adaptation(weights)),
            .. Drawing(weights),
        ]);
        yield return new ReportFigure(
            figures.Weights!, "Importance weights. The right panel shows how slowly the largest ones fall off; a few that stand apart from the fit would carry the result alone.", FigureSet.CsvPath("weights"));
        yield return new ReportFigure(
            figures.Efficiency!, "What blocks of draws are worth, by their size. Where the curve falls, larger weights come as draws are added, and no run should be sized by a shorter one.", FigureSet.CsvPath("efficiency"));
    }

    private static IEnumerable<(string, ReportText)> Drawing(ImportanceFacts weights)
    {
        if (weights.Drawing is { } drawing)
        {
            yield return ("Drawing", $"until worth {Words.Count(drawing.Wanted)}{(drawing.Fresh ? ", then as many draws again, which are the ones reported" : "")}. {drawing.Advice}");
        }
    }

    private static string Adaptation(ImportanceFacts weights) => weights.Adaptation switch
    {
        "none" => "none: the network is the proposal",
        "Settled" => $"{Words.Plural(weights.History.Count, "round")}, settled",
        _ => $"{Words.Plural(weights.History.Count, "round")}, until they ran out",
    };

    /// <summary>Why training ended, in words.</summary>
    public static string Stop(string reason) => reason switch
    {
        "Converged" => "converged",
        "MaxEpochs" => "all epochs used",
        "BudgetSteps" => "all steps used",
        "Diverged" => "diverged",
        "Completed" => "all networks drawn",
        "BudgetExhausted" => "all gradients used",
        _ => reason,
    };

    private IEnumerable<(string, ReportText)> Facts()
    {
        NetworkFacts network = _facts.Networks[^1];
        string options = string.Join(", ", _model.Study.SimulatorOptions.All.Select(o => FormattableString.Invariant($"{o.Name} {o.Value}")));
        yield return ("Reported", _facts.IsReweighted
            ? $"the reweighted posterior: the {(_model.Measurement.Noise is null ? "simulator's likelihood is" : "simulator is deterministic and the likelihood of the noise")} known, so that weights correct the network's errors"
            : _facts.Importance is null ? $"the {_facts.Noun}'s posterior" : $"the {_facts.Noun}'s posterior, because reweighting found no overlap");
        yield return ("Simulator", _model.Study.SimulatorName + (options.Length > 0 ? $" ({options})" : ""));
        yield return ("Method", _model.Method.Name);
        yield return ("Network", _model.Method.Describe(_model)
            + (_model.Study.Inference.Embedding is { } embedding ? $"; data embedded in {Words.Plural(embedding.Outputs, "number")} {embedding.Describe()}" : ""));
        if (network.LogFeatures.Count > 0)
        {
            yield return ("Scaling", network.LogFeatures.Count == _model.Features
                ? "the network sees the logarithm of every output" : $"the network sees the logarithm of {network.LogFeatures.Count} of {_model.Features} outputs");
        }

        if (network.Fresh is { } fresh)
        {
            yield return ("Fresh simulations", $"each epoch after the first has its own, which the network sees once: {Words.Count(fresh.Made)} in all were made while it trained. What is held out is of the first");
        }

        if (_model.Study.Inference.Equivariance is { } symmetry && _facts.Gibbs is { } chains)
        {
            yield return ("Symmetry", symmetry.Describe());
            yield return ("Chains", $"{Words.Count(chains.Chains)} at the observation. {chains.Advice} {Words.Count(chains.Redrawn)} draws lay outside the prior and were made again, {Words.Count(chains.Replaced)} chains were replaced"
                + (chains.Inside is { } inside ? $". What is reweighted are draws of their density, a mixture over {Words.Plural(chains.Components, "pose")}, of which {Words.Percent(inside)} lies inside the prior" : ""));
        }

        if (network.Start is { } start)
        {
            yield return ("Start of chains", $"by a network of the pose, {Stop(start.StopReason)} after {Words.Plural(start.Epochs, "epoch")}, best {Words.Count(start.BestEpoch + 1)}, loss {Words.Fixed(start.BestValidationLoss, 3)}");
        }

        if (_model.Measurement.Noise is { } noise)
        {
            yield return ("Noise", noise.Describe(_model.IsNoiseFresh));
        }

        if (_model.Measurement.Gaps is { } gaps)
        {
            yield return ("Gaps", gaps.Describe(_model.Features));
        }

        if (_model.Rounds > 1)
        {
            yield return _model.Method.Proposes
                ? ("Rounds", $"each round after the first simulates at draws of the last posterior, and its {_facts.Noun} learns from the simulations of all rounds")
                : _model.Method.TruncatesToBox
                ? ("Truncation", "after each round the prior is cut to an interval of each parameter, outside of which its ratio is below a millionth of the largest; its density inside stays as it was, and simulations of earlier rounds that lie inside are learned from as well")
                : ("Truncation", $"after each round the prior is restricted to a region that cuts off at most {Words.Percent(_model.Study.Inference.Truncation)} of the posterior found so far; its density inside stays as it was, and simulations of earlier rounds that lie inside are learned from as well");
        }
    }

    private ReportTable Rounds() => new()
    {
        Caption = $"Rounds. The loss is the mean of {_model.Method.Loss} over held-out simulations, in nats; between rounds it cannot be compared, because their priors differ.",
        Header = ["round", "prior", "training", "simulations", "failed", "epochs", "best epoch", "loss", "skipped steps"],
        TextColumns = 3,
        Rows =
        [
            .. _facts.Networks.Zip(_facts.Simulations, (n, s) => (IReadOnlyList<ReportText>)
            [
                Words.Count(n.Round), n.Round == 1 ? "whole" : _model.Method.Proposes ? $"posterior of round {n.Round - 1}" : $"truncated after round {n.Round - 1}", Stop(n.StopReason), Words.Count(s.Count), Words.Count(s.Failed),
                Words.Count(n.History.Count), Words.Count(n.BestEpoch + 1), Words.Fixed(n.BestValidationLoss, 3), Words.Count(n.SkippedSteps),
            ]),
        ],
    };
}

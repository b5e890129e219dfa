using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Reports;
using Quincunx.Runs.Reports.Figures;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>Puts the results into words, tables and figures.</summary>
internal sealed class ReportBuilder(RunResults results, FigureSet figures, RunManifest manifest)
{
    private readonly StudyModel _model = results.Model;
    private readonly VerdictFacts _facts = results.Facts;

    public ReportContent Build() => new()
    {
        Title = _model.Study.Title,
        Subtitle = Subtitle(),
        Verdict = results.Verdict with { Failed = [.. results.Verdict.Failed.Select(Words.Unbroken)], Passed = [.. results.Verdict.Passed.Select(Words.Unbroken)] },
        Sections =
        [
            new("Parameters", [.. Parameters()]),
            new("How the posterior was obtained", [.. new MethodSection(results, figures).Blocks()]),
            new("Does the model describe the data?", [.. Predictive()]),
            new($"Is the {_facts.Noun} calibrated?", [.. Calibration()]),
            new("Training", [.. Training()]),
            new("Cost", [.. new CostSection(results, manifest).Blocks()]),
            new("How to reproduce this", [.. ReproductionSection.Blocks(_model.Study, manifest)]),
        ],
    };

    private static ReportFigure Figure(IFigure figure, string name, string caption) => new(figure, caption, FigureSet.CsvPath(name));

    private string Subtitle() =>
        $"{Words.Plural(_model.Dimension, "parameter")} of the simulator “{_model.Study.SimulatorName}”, inferred from {Words.Plural(_model.Measurement.Compared.Count, "observed value")} by {_model.Method.Title}"
        + (_model.Rounds > 1 ? $" in {_model.Rounds} rounds" : "") + (_facts.IsReweighted ? ", then reweighted by the likelihood." : ".");

    private IEnumerable<ReportBlock> Parameters()
    {
        var reported = new WeightedDraws(results.ReportedLabel, _model.Dimension, results.Theta, results.Weights);
        yield return ParameterTable.Create(
            _model.ParameterNames, reported, results.NetworkTheta is null ? null : new WeightedDraws("network", _model.Dimension, results.NetworkTheta));
        if (_facts.Ensemble is { } ensemble)
        {
            yield return EnsembleTables.Disagreement(ensemble, _facts.IsReweighted);
        }

        string caption = $"Posterior ({results.ReportedLabel}, filled), " + (_facts.IsReweighted ? "the network's own before reweighting, " : "") + "and the prior on the diagonal. Regions hold 68 and 95 % of the posterior.";
        if (_model.Dimension > CornerPlot.MostParameters)
        {
            caption += $" The first {CornerPlot.MostParameters} of {_model.Dimension} parameters are shown; the table has them all.";
        }

        yield return Figure(figures.Corner, "corner", caption);
        if (results.Marginals is { } marginals)
        {
            yield return MarginalTable.Create(results, marginals);
        }
    }

    private IEnumerable<ReportBlock> Predictive()
    {
        if (_facts.Diagnostics.Predictive is { } check)
        {
            yield return new ReportParagraph(
                $"{Words.Plural(check.Simulations, "simulation")} at draws of the reported posterior were compared with the data: {Words.P(check.PValue)} "
                + $"(overall distance {Words.P(check.DistancePValue)}, most extreme output {Words.P(check.ExtremePValue)}). Small values would say that the model, at its best, does not produce such data. "
                + $"Farthest out is {check.MostExtreme} ({Words.P(check.MostExtremePValue)} on its own)."
                + (check.Invalid > 0 ? $" {Words.Plural(check.Invalid, "simulation")} failed and were left out." : ""));
        }
        else
        {
            yield return new ReportParagraph(_facts.Settings.Predictive == 0 ? "The posterior predictive check was switched off." : "Too few simulations at draws of the posterior succeeded for a test.");
        }

        if (_facts.Diagnostics.Typical is { } typical)
        {
            yield return new ReportParagraph(
                $"Among {Words.Plural(typical.Simulations, "simulation")} that the {_facts.Noun} learned from{(_model.Measurement.ContextCount > 0 ? ", with noise of the level of the data" : "")}, the observation is {(typical.PValue < NetworkRules.Doubtful ? "unusual" : "nothing unusual")} ({Words.P(typical.PValue)}).");
        }

        if (figures.Predictive is { } figure)
        {
            yield return Figure(
                figure, "predictive",
                "Observed data (dots) over the central 50 and 95 % of simulations at draws of the posterior. About one dot in twenty lies outside the wider band if the model is right. "
                + (_model.Rounds > 1 ? "Outlined: 95 % of the simulations of the last round." : "Outlined: 95 % of simulations from the prior."));
        }
    }

    private IEnumerable<ReportBlock> Calibration()
    {
        if (_facts.Diagnostics.Sbc is not { } sbc)
        {
            yield return new ReportParagraph(_facts.Settings.Sbc == 0 ? "The calibration check was switched off (diagnostics.sbc is 0)." : "All simulations for the calibration check failed.");
            yield break;
        }

        string where = _model.Method.IsLocal(_model.Rounds) ? "the prior restricted to where the posterior is" : _model.Rounds > 1 ? $"the prior restricted to the region of round {_model.Rounds}" : "the prior";
        yield return new ReportParagraph(
            $"{Words.Plural(sbc.Pairs, "fresh parameter vector")} from {where} were simulated, and the {_facts.Noun} asked for {Words.Count(sbc.Draws)} draws for each. "
            + $"If it is calibrated, the truth ranks anywhere among its draws with equal chance: {Words.P(sbc.PValue)} for all quantities together."
            + (_facts.IsReweighted ? " This checks the network, not the reweighted posterior, which rests on the weights." : ""));
        if (sbc.Excluded > 0)
        {
            yield return new ReportWarning($"{Words.Count(sbc.Excluded)} of {Words.Count(sbc.Excluded + sbc.Pairs + sbc.InvalidPairs)} simulations for the calibration check failed and were left out.");
        }

        yield return new ReportTable
        {
            Caption = "p-values of uniform ranks; “log density” is the rank of the truth's density, which tells whether regions cover. Adjusted: by Holm, for looking at all rows.",
            Header = ["quantity", "ECDF", "adjusted", "Kolmogorov–Smirnov", "χ²"],
            Rows = [.. sbc.Quantities.Select(q => (IReadOnlyList<ReportText>)[q.Name, .. new[] { q.Ecdf, q.Adjusted, q.KolmogorovSmirnov, q.ChiSquared }.Select(p => (ReportText)PValue(p))])],
        };
        if (figures.Calibration is { } calibration)
        {
            yield return Figure(
                calibration, "calibration",
                "Ranks of the truth. In the band a calibrated parameter stays as a whole in 95 % of runs. A hump in the middle says that the posterior is too wide, a bowl that it is too narrow, a slope that it is shifted.");
        }

        if (figures.Coverage is { } figure && _facts.Diagnostics.Coverage is { } coverage)
        {
            yield return Figure(
                figure, "coverage",
                $"How often the {_facts.Noun}'s highest-density regions held the truth ({Words.P(coverage.PValue)}). The curve of a calibrated {_facts.Noun} stays in the band as a whole in 95 % of runs; below the diagonal the network is overconfident, above it conservative.");
        }
    }

    private IEnumerable<ReportBlock> Training()
    {
        foreach (NetworkFacts network in _facts.Networks.Where(n => n.ConstantFeatures.Count > 0))
        {
            yield return new ReportWarning($"Round {network.Round}: these outputs never varied in the simulations, so that nothing was learned from them: {string.Join(", ", network.ConstantFeatures)}.");
        }

        yield return Figure(
            figures.Training, "training",
            $"Mean loss, {results.Model.Method.Loss}, on training and held-out simulations. A validation loss that rises while the training loss falls is over-fitting; "
            + (_facts.Networks[^1].Members is null ? "the weights of the marked epoch were kept." : "the curves are means over the networks of the ensemble, of which each kept the weights of its own best epoch."));
        if (_facts.Networks[^1].Members is not null)
        {
            yield return EnsembleTables.Training(_facts.Networks[^1]);
        }
    }

    private static string PValue(double p) => Words.P(p).Replace("p = ", "", StringComparison.Ordinal).Replace("p ", "", StringComparison.Ordinal);
}

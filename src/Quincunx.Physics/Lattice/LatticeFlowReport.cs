using System.Globalization;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Experiments;
using Quincunx.Inference.Importance;
using Quincunx.Numerics.Special;

namespace Quincunx.Physics.Lattice;

/// <summary>What a trained flow says about the theory, in numbers, figures and checks.</summary>
/// <param name="draws">For reweighting.</param>
/// <param name="proposals">Others, for the chain.</param>
/// <param name="states">Which proposal the chain is at, at each step.</param>
internal sealed class LatticeFlowReport(LatticeFlowOptions options, ReferenceChains reference, FlowDraws draws, FlowDraws proposals, int[] states)
{
    private const int MostPoints = 2_000, MostValues = 8_000;

    // As everywhere in verdicts: one of twenty sound runs is doubted, one of a thousand refused.
    private const double DoubtfulP = 0.05, FailedP = 0.001;

    private readonly ImportanceWeights _weights = draws.Weights();
    private readonly WeightedMean _reweighted = WeightedMean.Of(draws.Susceptibility(options.Action.Sites), draws.Weights().Weights);
    private readonly AutocorrelatedMean _flow = AutocorrelatedMean.Of(draws.Susceptibility(options.Action.Sites));
    private readonly AutocorrelatedMean _chain = AutocorrelatedMean.Of(At(proposals.Susceptibility(options.Action.Sites), states));
    private readonly AutocorrelatedMean _simulated = reference.Susceptibility(options.Action.Sites);

    public ExperimentResult Build()
    {
        PhiFourAction action = options.Action;
        double divergence = draws.Action.Zip(draws.LogProb, (s, q) => s + q).Average() + _weights.LogEvidence;
        return new ExperimentResult
        {
            Summary = FormattableString.Invariant($"A flow that samples φ⁴ on a torus of {action.Size} × {action.Size} sites with m² = {action.MassSquared} and λ = {action.Coupling}, learned from the action alone.").Replace("= -", "= −", StringComparison.Ordinal),
            LossLabel = "mean of log q + S (nats)",
            Metrics =
            [
                new("ess", _weights.Efficiency, $"effective share of {options.Draws} draws of the flow"),
                new("chi2", _reweighted.Mean, "susceptibility ⟨(Σ φ)²⟩ / V, reweighted", _reweighted.Error),
                new("chi2_metropolis", _chain.Mean, "the same from a Markov chain that the flow proposes for", _chain.Error),
                new("chi2_reference", _simulated.Mean, "the same from the simulation by local updates", _simulated.Error),
                new("chi2_flow", _flow.Mean, "the same from the flow's draws as they are", _flow.Error),
                new("acceptance", IndependenceMetropolis.Accepted(states), "share of the chain's proposals that were accepted"),
                new("metropolis_time", _chain.Time, "integrated autocorrelation time of the chain's susceptibility, in steps; ½ for independent ones", _chain.TimeError),
                new("pareto_k", _weights.ParetoK, "tail index of the weights"),
                new("log_z", _weights.LogEvidence, "log of the partition function ∫ exp(−S)", _weights.LogEvidenceError),
                new("divergence", divergence, "KL divergence of the flow from the theory, in nats"),
            ],
            Checks = [.. Checks()],
            Tables = [Table()],
            Series = [Correlator(), Densities()],
            Histograms = [Weights(), Magnetisation()],
        };
    }

    private static double[] At(double[] values, int[] states) => [.. states.Select(i => values[i])];

    private static string Number(double value, int decimals = 4) => value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string With(double mean, double error) => $"{Number(mean)} ± {Number(error)}";

    private IEnumerable<ExperimentCheck> Checks()
    {
        string ess = $"the effective sample size is {Number(100 * _weights.Efficiency, 1)} % of {options.Draws} draws";
        yield return _weights.Efficiency >= options.Target
            ? new(CheckOutcome.Passed, ess)
            : new(CheckOutcome.Doubtful, $"The target was missed: {ess}, below {Number(100 * options.Target, 0)} %. Train longer, or with more couplings.");
        yield return _weights.ParetoK < _weights.ParetoKLimit
            ? new(CheckOutcome.Passed, $"importance weights without too heavy a tail (k = {Number(_weights.ParetoK, 2)})")
            : new(CheckOutcome.Failed, $"A few draws dominate: the tail index of the weights is k = {Number(_weights.ParetoK, 2)}, above {Number(_weights.ParetoKLimit, 2)}, up to which averages are reliable. Train longer.");
        yield return Agreement("the reweighted susceptibility", _reweighted.Mean, _reweighted.Error, "the simulation by local updates", _simulated.Mean, _simulated.Error);
        yield return Agreement("the susceptibility of the chain", _chain.Mean, _chain.Error, "the simulation by local updates", _simulated.Mean, _simulated.Error);
        if (double.IsFinite(options.Published))
        {
            yield return Agreement("the reweighted susceptibility", _reweighted.Mean, _reweighted.Error, "the published value", options.Published, 0);
            yield return Agreement("the susceptibility of the chain", _chain.Mean, _chain.Error, "the published value", options.Published, 0);
        }
    }

    private static ExperimentCheck Agreement(string what, double mean, double error, string with, double other, double otherError)
    {
        double sigmas = Math.Abs(mean - other) / Math.Sqrt((error * error) + (otherError * otherError)), p = 1 - SpecialFunctions.ChiSquaredCdf(sigmas * sigmas, 1);
        string numbers = $"{With(mean, error)} against {(otherError > 0 ? With(other, otherError) : Number(other))}, {Number(sigmas, 1)} standard errors";
        return p >= DoubtfulP ? new(CheckOutcome.Passed, $"{what} agrees with {with} ({numbers})")
            : p >= FailedP ? new(CheckOutcome.Doubtful, $"{Capital(what)} may differ from {with} ({numbers}). A sound run differs as much in {Number(100 * p, 1)} % of cases: repeat with another seed.")
            : new(CheckOutcome.Failed, $"{Capital(what)} differs from {with} ({numbers}): one of the two is wrong, or its error is.");
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private ExperimentTable Table()
    {
        string Sigmas(double mean, double error) => Number((mean - _simulated.Mean) / Math.Sqrt((error * error) + (_simulated.Error * _simulated.Error)), 1).Replace('-', '−');
        return new ExperimentTable(
            "The susceptibility ⟨(Σ φ)²⟩ / V by each way. Effective: number of independent measurements that would be as good. Difference: from the simulation, in standard errors of both.",
            ["way", "susceptibility", "error", "effective", "difference"],
            [
                ["reweighted", Number(_reweighted.Mean), Number(_reweighted.Error), Number(_weights.EffectiveSampleSize, 0), Sigmas(_reweighted.Mean, _reweighted.Error)],
                ["Metropolis chain", Number(_chain.Mean), Number(_chain.Error), Number(_chain.EffectiveCount, 0), Sigmas(_chain.Mean, _chain.Error)],
                ["local updates", Number(_simulated.Mean), Number(_simulated.Error), Number(_simulated.EffectiveCount, 0), "–"],
                ["flow as it is", Number(_flow.Mean), Number(_flow.Error), Number(_flow.EffectiveCount, 0), Sigmas(_flow.Mean, _flow.Error)],
            ]);
    }

    private SeriesFigure Correlator()
    {
        int size = options.Action.Size, half = size / 2;
        double[] times = [.. Enumerable.Range(0, half + 1).Select(t => (double)t)];
        WeightedMean[] reweighted = [.. times.Select(t => WeightedMean.Of(draws.Correlator((int)t), _weights.Weights))];
        AutocorrelatedMean[] chain = [.. times.Select(t => AutocorrelatedMean.Of(At(proposals.Correlator((int)t), states)))];
        double[] simulated = [.. times.Select(t => reference.Correlators.Average(c => c[(int)t]))];
        return new SeriesFigure
        {
            Name = "correlator",
            Title = "Correlator at zero momentum",
            Caption = "Correlation of time slices by their distance, with standard errors (the two ways are drawn a little apart). On the torus it is symmetric around half the side. Its sum over all distances is the susceptibility.",
            Panels =
            [
                new SeriesPanel
                {
                    XLabel = "distance t (lattice units)",
                    YLabel = "C(t) (lattice units)",
                    IsLogarithmic = true,
                    Curves =
                    [
                        new("reweighted", [.. times.Select(t => t - 0.04)], [.. reweighted.Select(r => r.Mean)], CurveStyle.Points, [.. reweighted.Select(r => r.Error)]),
                        new("Metropolis chain", [.. times.Select(t => t + 0.04)], [.. chain.Select(c => c.Mean)], CurveStyle.Points, [.. chain.Select(c => c.Error)]),
                        new("local updates", times, simulated, CurveStyle.Reference),
                    ],
                },
            ],
        };
    }

    private SeriesFigure Densities()
    {
        int[] shown = [.. Enumerable.Range(0, draws.Action.Length).Where(i => i % ((draws.Action.Length / MostPoints) + 1) == 0)];
        double[] actions = [.. shown.Select(i => draws.Action[i])], effective = [.. shown.Select(i => -draws.LogProb[i])];
        double[] ends = [actions.Min(), actions.Max()];
        return new SeriesFigure
        {
            Name = "action",
            Title = "The flow's action against the theory's",
            Caption = "−log q against S for draws of the flow. A perfect flow has all of them on the line −log q = S + log Z; their distance from it is the logarithm of their weight.",
            Panels =
            [
                new SeriesPanel
                {
                    XLabel = "S (nats)",
                    YLabel = "−log q (nats)",
                    IsPlane = true,
                    Curves =
                    [
                        new("S + log Z", ends, [.. ends.Select(s => s + _weights.LogEvidence)], CurveStyle.Reference),
                        new("draws", actions, effective, CurveStyle.Points),
                    ],
                },
            ],
        };
    }

    private HistogramFigure Weights() => new()
    {
        Name = "weights",
        Title = "Importance weights",
        Caption = "Logarithm of the weight of each draw, exp(−S) / (q Z). With a perfect flow all of them are 0.",
        Label = "log weight (nats)",
        Samples = [new("draws of the flow", [.. Thinned(draws.LogWeights).Select(w => w - _weights.LogEvidence)])],
    };

    private HistogramFigure Magnetisation() => new()
    {
        Name = "magnetisation",
        Title = "Magnetisation",
        Caption = "Mean of the field over the lattice. Reweighting carries the flow's distribution over into that of the theory, which the simulation by local updates has found too.",
        Label = "Σ φ / V (lattice units)",
        Samples =
        [
            new("reweighted", Thinned(draws.Magnetisation), Thinned(_weights.Weights.ToArray())),
            new("flow as it is", Thinned(draws.Magnetisation)),
            new("local updates", Thinned(reference.Magnetisation)),
        ],
    };

    // A figure does not need them all.
    private static double[] Thinned(double[] values) => [.. values.Where((_, i) => i % ((values.Length / MostValues) + 1) == 0)];
}

using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Explaining;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;

namespace Quincunx.Tests.Inference.Mechanisms.Explaining;

public sealed class ExplainerTests
{
    public static TheoryData<string> Names => ExplainedCases.Names;

    [Theory, MemberData(nameof(Names))]
    public void Weigh_OnExactCases_FindsPosteriorAndEvidence(string name)
    {
        ExplainedCase row = ExplainedCases.Of(name);
        TraceImportanceResult result = row.Explainer.Weigh(new TraceImportanceOptions { Traces = 40_000 }, new Rng(1).Split(name));
        Assert.Equal(TraceImportanceStop.Completed, result.StopReason);
        Assert.Equal(1, result.Traces.Weights.Sum(), 1e-12);
        Assert.Equal(row.LogEvidence, result.Weights.LogEvidence, 4.5 * result.Weights.LogEvidenceError);
        Assert.True(result.Weights.ParetoK < 0.7);
        row.Check(result.Traces);
    }

    [Fact]
    public void Weigh_OnAnyNumberOfThreads_GivesTheSameNumbers()
    {
        ExplainedCase row = ExplainedCases.Of("mixture");
        TraceImportanceResult one = Run(threads: 1, 500), three = Run(threads: 3, 500), longer = Run(threads: 2, 700);
        Assert.Equal(one.Weights.LogEvidence, three.Weights.LogEvidence);
        Assert.Equal(one.Traces.Weights, three.Traces.Weights);
        Assert.Equal(Values(one), Values(three));
        Assert.Equal(Values(one), Values(longer)[..one.Traces.Records.Count]);

        TraceImportanceResult Run(int threads, int traces) => row.Explainer.Weigh(new TraceImportanceOptions { Traces = traces, Threads = threads }, new Rng(4));

        static double[] Values(TraceImportanceResult result) => [.. result.Traces.Records.Select(r => r.LogProb)];
    }

    [Fact]
    public void Weigh_WithAKernel_WeighsComputedOutputsByIt()
    {
        // The board's bin seen through a kernel: expectations over all bins by their exact probabilities.
        const int Rows = 6;
        const double Seen = 3.5, Width = 0.7;
        var board = new GaltonBoard(Rows);
        var observation = new Observation(Seen) { Kernel = (_, x, seen) => -Math.Abs(x - seen) / Width };
        TraceImportanceResult result = new Explainer(board, [0.4], observation).Weigh(new TraceImportanceOptions { Traces = 20_000 }, new Rng(2));
        double evidence = 0, mean = 0;
        for (int bin = 0; bin <= Rows; bin++)
        {
            double p = Math.Exp(board.LogLikelihood([0.4], [bin]) - (Math.Abs(bin - Seen) / Width));
            (evidence, mean) = (evidence + p, mean + (p * bin));
        }

        TraceMean found = result.Traces.Expectation(r => r.X[0]);
        Assert.Equal(mean / evidence, found.Value, 4.5 * found.Error);
        Assert.Equal(Math.Log(evidence), result.Weights.LogEvidence, 4.5 * result.Weights.LogEvidenceError);
    }

    [Fact]
    public void Weigh_WithAChoiceSeenAndAnOutputNot_ConditionsOnTheOne()
    {
        // x_1 is not seen and the number of components is: the unseen output is a choice like others.
        ExplainedCase row = ExplainedCases.Of("mixture");
        double[] x = [-1.5, double.NaN, 2.1, 1.2];
        var observation = new Observation(x) { Sites = new Dictionary<Site, double> { [new Site("components")] = 0 } };
        TraceImportanceResult result = new Explainer(row.Mechanism, row.Theta, observation).Weigh(new TraceImportanceOptions(), new Rng(3));

        // One component: a conjugate normal. The mean has precision 1/4 + 3, and x_1 is it plus unit noise.
        double[] seen = [-1.5, 2.1, 1.2];
        double mean = seen.Sum() / 3.25;
        TraceMean unseen = result.Traces.Expectation(r => r.X[1]);
        Assert.Equal(mean, unseen.Value, 4.5 * unseen.Error);
        double logEvidence = Math.Log(0.4) - (0.5 * (seen.Sum(v => v * v) - (seen.Sum() * seen.Sum() / 3.25))) - (1.5 * Math.Log(2 * Math.PI)) - (0.5 * Math.Log(13));
        Assert.Equal(logEvidence, result.Weights.LogEvidence, 4.5 * result.Weights.LogEvidenceError);
        Assert.All(result.Traces.Records, r => Assert.Equal(r.X[1], r[Site.Output(1)]));
        Assert.Equal(0, result.Traces.Marginal(new Site("label", 0)).Presence);
    }

    [Fact]
    public void Weigh_WhereNothingAgrees_SaysSo()
    {
        var explainer = new Explainer(new GaltonBoard(4), [0.5], new Observation(2.5));
        TraceImportanceResult result = explainer.Weigh(new TraceImportanceOptions { Traces = 100 }, new Rng(1));
        Assert.Equal(TraceImportanceStop.NoAgreement, result.StopReason);
        Assert.Empty(result.Traces.Records);
        Assert.True(double.IsNaN(result.Traces.Expectation(r => r.X[0]).Value));

        // An event that never comes by a site that was seen does not agree either.
        var elsewhere = new Observation(2) { Sites = new Dictionary<Site, double> { [new Site("nail", 9)] = 1 } };
        Assert.Equal(
            TraceImportanceStop.NoAgreement,
            new Explainer(new GaltonBoard(4), [0.5], elsewhere).Weigh(new TraceImportanceOptions { Traces = 100 }, new Rng(1)).StopReason);
    }

    [Fact]
    public void Marginal_OfASite_CountsPresenceAndValues()
    {
        ExplainedCase row = ExplainedCases.Of("mixture");
        ExplainedTraces traces = row.Explainer.Weigh(new TraceImportanceOptions(), new Rng(5)).Traces;
        SiteMarginal components = traces.Marginal(new Site("components")), second = traces.Marginal(new Site("mean", 1));
        Assert.Equal(1, components.Presence, 1e-12);
        Assert.Equal(1, components.Probabilities.Values.Sum(), 1e-12);
        Assert.Equal(traces.Probability(r => UnknownMixture.Components(r) == 2).Value, components.Probabilities[1], 1e-12);
        Assert.Equal(1 - components.Probabilities[0], second.Presence, 1e-12);

        TraceMean sum = traces.Expectation(r => r.TryGet(new Site("mean", 1), out TraceEntry e) ? e.Value : 0);
        Assert.Equal(sum.Value / second.Presence, second.Mean, 1e-12);
        double[] shares = second.Histogram(-100, 0, 100);
        Assert.Equal(1, shares.Sum(), 1e-12);
        Assert.Equal(second.Values.Zip(second.Weights).Where(p => p.First < 0).Sum(p => p.Second), shares[0], 1e-12);
        Assert.Throws<ArgumentException>(() => second.Histogram(1, 0));
    }

    [Fact]
    public void Weigh_WhereAnOutputIsNotWhatWasDrawn_Throws()
    {
        var e = Assert.Throws<InvalidOperationException>(
            () => new Explainer(new Shifted(), [], new Observation(1)).Weigh(new TraceImportanceOptions { Traces = 10 }, new Rng(1)));
        Assert.Contains("output 0", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explainer_WithBadInput_SaysWhatItExpected()
    {
        var board = new GaltonBoard(4);
        Assert.Throws<ArgumentException>(() => new Explainer(board, [0.5, 0.5], new Observation(2)));
        Assert.Contains("1 outputs, got 2", Assert.Throws<ArgumentException>(() => new Explainer(board, [0.5], new Observation(2, 3))).Message, StringComparison.Ordinal);
        var named = new Observation(2) { Sites = new Dictionary<Site, double> { [Site.Output(0)] = 1 } };
        Assert.Throws<ArgumentException>(() => new Explainer(board, [0.5], named));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Explainer(board, [0.5], new Observation(2)).Weigh(new TraceImportanceOptions { Traces = 0 }, new Rng(1)));
    }

    /// <summary>Draws at its output and puts something else there.</summary>
    private sealed class Shifted : IMechanism
    {
        public IReadOnlyList<string> ParameterNames { get; } = [];

        public IReadOnlyList<string> OutputNames { get; } = ["x"];

        public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
            where TReal : unmanaged, IFloatingPointIeee754<TReal>
            where TTrace : struct, ITrace<TReal> =>
            x[0] = trace.Draw(Site.Output(0), Law.Normal(TReal.Zero, TReal.One)) + TReal.One;
    }
}

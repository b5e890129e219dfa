using System.Numerics;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Explaining;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;

namespace Quincunx.Tests.Inference.Mechanisms.Explaining;

public sealed class TraceChainTests
{
    public static TheoryData<string> Names => ExplainedCases.Names;

    [Theory, MemberData(nameof(Names))]
    [Trait("Category", "Slow")]
    public void Walk_OnExactCases_FindsThePosterior(string name)
    {
        ExplainedCase row = ExplainedCases.Of(name);
        bool isBoard = name.Contains("galton", StringComparison.Ordinal);
        var options = new TraceMetropolisOptions
        {
            WarmUp = 5_000,
            Samples = 10_000,
            Thin = 10,
            Relaxation = isBoard ? (_, x, seen) => -Math.Abs(x - seen) : null,
        };
        TraceMetropolisResult result = row.Explainer.Walk(options, new Rng(2).Split(name));
        Assert.Equal(TraceMetropolisStop.Completed, result.StopReason);
        Assert.Equal(4 * 105_000, result.Steps);
        Assert.Equal(0, result.Invalid);
        Assert.InRange(result.AcceptanceRate, 0.02, 0.98);
        Assert.Equal(result.Traces.Records.Count, result.KeptShare * 40_000, 1e-6);
        if (isBoard)
        {
            Assert.InRange(result.KeptShare, 0.1, 0.9);
            Assert.All(result.Traces.Records, r => Assert.Equal(row.Observation.X, r.X));
        }
        else
        {
            Assert.Equal(1, result.KeptShare);
        }

        row.Check(result.Traces);
        foreach ((string quantity, Func<TraceRecord, double> of, _) in row.Quantities)
        {
            Assert.True(result.RHat(of) < 1.05, $"{quantity} has the R-hat {result.RHat(of)}.");
        }
    }

    /// <summary>The joint distribution test (Geweke 2004, JASA 99, 799).</summary>
    /// <remarks>
    /// Steps of the chain given x, and x drawn anew given the choices, alternate; if the steps leave the posterior alone, both together leave the joint distribution
    /// alone, whose moments are those of the prior, known in closed form. An acceptance without n / n', or with fresh and stale choices in the wrong place, moves
    /// the number of components.
    /// </remarks>
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(0.4, 0.5)]
    [InlineData(0.4, 1)]
    [Trait("Category", "Slow")]
    public void Step_WithXDrawnAnew_LeavesTheJointDistribution(double pairShare, double walkShare)
    {
        const int Rounds = 60_000, Steps = 2;
        const double Spread = 2;
        var mechanism = new UnknownMixture(points: 2);
        double[] theta = [Spread];
        var options = new TraceMetropolisOptions { PairShare = pairShare, WalkShare = walkShare };
        Rng rng = new Rng(5).Split($"{pairShare} {walkShare}");
        TraceRecord record = RecordingTrace.Run(mechanism, theta, rng);

        double together = 0.4 + (0.35 / 2) + (0.25 / 3);
        (string Name, Func<TraceRecord, double> Of, double Exact)[] moments =
        [
            ("components", r => UnknownMixture.Components(r), 1.85),
            ("two components", r => UnknownMixture.Components(r) == 2 ? 1 : 0, 0.35),
            ("together", r => UnknownMixture.Label(r, 0) == UnknownMixture.Label(r, 1) ? 1 : 0, together),
            ("square of the first mean", r => r[new Site("mean", 0)] * r[new Site("mean", 0)], Spread * Spread),
            ("square of the third mean", r => r.TryGet(new Site("mean", 2), out TraceEntry e) ? e.Value * e.Value : 0, 0.25 * Spread * Spread),
            ("x_0", r => r.X[0], 0),
            ("square of x_0", r => r.X[0] * r.X[0], 1 + (Spread * Spread)),
            ("x_0 x_1", r => r.X[0] * r.X[1], together * Spread * Spread),
        ];
        double[][] series = [.. moments.Select(_ => new double[Rounds])];
        for (int round = 0; round < Rounds; round++)
        {
            var chain = new TraceChain(() => new ObservedEvent(mechanism, theta, new Observation(record.X), null), options);
            var replay = new Replay(chain.State, record);
            chain.State.Run(ref replay);
            for (int step = 0; step < Steps; step++)
            {
                chain.Step(rng);
            }

            record = Redraw(mechanism, theta, chain.State.ToRecord(), rng);
            for (int m = 0; m < moments.Length; m++)
            {
                series[m][round] = moments[m].Of(record);
            }
        }

        for (int m = 0; m < moments.Length; m++)
        {
            // 4.5 standard errors: one in 150,000 fails by chance.
            var mean = AutocorrelatedMean.Of(series[m]);
            Assert.True(Math.Abs(mean.Mean - moments[m].Exact) <= 4.5 * mean.Error, $"{moments[m].Name}: {mean.Mean} +- {mean.Error}, exact {moments[m].Exact}.");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Walk_OnRatesAndCounts_FindsTheConjugatePosterior(double walkShare)
    {
        // rate ~ Gamma(2, 1), hidden and seen counts ~ Poisson(rate): given a seen 5, rate ~ Gamma(7, 2) and the hidden count has its mean.
        var options = new TraceMetropolisOptions { WalkShare = walkShare, Samples = 4_000 };
        TraceMetropolisResult result = new Explainer(new Counts(), [], new Observation(5)).Walk(options, new Rng(3));
        TraceMean rate = result.Traces.Expectation(r => r[new Site("rate")]), square = result.Traces.Expectation(r => r[new Site("rate")] * r[new Site("rate")]);
        TraceMean hidden = result.Traces.Expectation(r => r[new Site("hidden")]);
        Assert.Equal(3.5, rate.Value, 4.5 * rate.Error);
        Assert.Equal((3.5 * 3.5) + (7 / 4.0), square.Value, 4.5 * square.Error);
        Assert.Equal(3.5, hidden.Value, 4.5 * hidden.Error);
    }

    [Fact]
    public void Walk_OnAnyNumberOfThreads_GivesTheSameStates()
    {
        ExplainedCase row = ExplainedCases.Of("mixture");
        double[] one = Run(1), three = Run(3);
        Assert.Equal(one, three);

        double[] Run(int threads) =>
            [.. row.Explainer.Walk(new TraceMetropolisOptions { Samples = 50, Threads = threads }, new Rng(4)).Traces.Records.Select(r => r.LogProb)];
    }

    [Fact]
    public void Walk_WithoutRelaxation_KeepsToTheBinByPairs()
    {
        // Single changes all leave the bin; two at once can trade a turn for another. The start is found by trying.
        ExplainedCase row = ExplainedCases.Of("galton");
        TraceMetropolisResult result = row.Explainer.Walk(new TraceMetropolisOptions { PairShare = 0.9, Samples = 4_000 }, new Rng(6));
        Assert.Equal(1, result.KeptShare);
        Assert.True(result.StartAttempts > 4);
        row.Check(result.Traces);
    }

    [Fact]
    public void Walk_WhereItCannotStartOrNeverAgrees_SaysSo()
    {
        var explainer = new Explainer(new GaltonBoard(4), [0.5], new Observation(2.5));
        TraceMetropolisResult none = explainer.Walk(new TraceMetropolisOptions { StartAttempts = 50, Chains = 2 }, new Rng(1));
        Assert.Equal((TraceMetropolisStop.NoStart, 0L, 100L, 0), (none.StopReason, none.Steps, none.StartAttempts, none.Traces.Records.Count));
        TraceMetropolisResult never = explainer.Walk(new TraceMetropolisOptions { Samples = 20, Chains = 2, Relaxation = (_, _, _) => 0 }, new Rng(1));
        Assert.Equal((TraceMetropolisStop.NoAgreement, 0.0), (never.StopReason, never.KeptShare));
    }

    [Fact]
    public void Walk_WithBadOptions_SaysWhatItExpected()
    {
        var soft = new Explainer(new GaltonBoard(4), [0.5], new Observation(2) { Kernel = (_, _, _) => 0 });
        Assert.Throws<ArgumentException>(() => soft.Walk(new TraceMetropolisOptions { Relaxation = (_, _, _) => 0 }, new Rng(1)));
        Assert.Throws<ArgumentException>(() => soft.Walk(new TraceMetropolisOptions { PairShare = 1 }, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => soft.Walk(new TraceMetropolisOptions { Chains = 0 }, new Rng(1)));
    }

    [Fact]
    public void Walk_WhereASiteIsUsedTwice_Throws()
    {
        var e = Assert.Throws<InvalidOperationException>(() => new Explainer(new Twice(), [], new Observation(1)).Walk(new TraceMetropolisOptions(), new Rng(1)));
        Assert.Contains("twice", e.Message, StringComparison.Ordinal);
    }

    private static TraceRecord Redraw(UnknownMixture mechanism, double[] theta, TraceRecord record, Rng rng)
    {
        var observed = new ObservedEvent(mechanism, theta, new Observation([.. record.X.Select(_ => double.NaN)]), null);
        var trace = new Replay(observed, record, rng);
        observed.Run(ref trace);
        return observed.ToRecord();
    }

    /// <summary>Takes latent choices from a record, and outputs from the observation or, where there is none, from their laws.</summary>
    private readonly struct Replay(ObservedEvent observed, TraceRecord record, Rng? rng = null) : ITrace<double>
    {
        public double Draw<TLaw>(Site site, TLaw law)
            where TLaw : struct, ILaw<double>, allows ref struct
        {
            if (observed.IsSeen(site, out double value))
            {
                return observed.AddSeen(site, law, value);
            }

            value = site.Name == Site.OutputName ? law.Sample(rng!) : record[site];
            return observed.AddLatent<TLaw>(site, value, law.LogProb(value));
        }

        public double Let(Site site, double value) => observed.AddComputed(site, value);
    }

    private sealed class Twice : IMechanism
    {
        public IReadOnlyList<string> ParameterNames { get; } = [];

        public IReadOnlyList<string> OutputNames { get; } = ["x"];

        public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
            where TReal : unmanaged, IFloatingPointIeee754<TReal>
            where TTrace : struct, ITrace<TReal>
        {
            TReal a = trace.Draw(new Site("a"), Law.Normal(TReal.Zero, TReal.One));
            x[0] = trace.Draw(Site.Output(0), Law.Normal(a + trace.Draw(new Site("a"), Law.Normal(TReal.Zero, TReal.One)), TReal.One));
        }
    }
}

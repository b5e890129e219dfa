using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Explaining;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Physics.Toys;

namespace Quincunx.Tests.Inference.Mechanisms.Explaining;

public sealed class TraceProposalTests
{
    private static readonly TrainingOptions Short = new() { BatchSize = 200, MaxSteps = 150, LearningRate = 2e-3 };

    public static TheoryData<string> Names => ExplainedCases.Names;

    [Theory, MemberData(nameof(Names))]
    [Trait("Category", "Slow")]
    public void Weigh_WithALearnedProposal_FindsThePosteriorFromMoreEffectiveEvents(string name)
    {
        ExplainedCase row = ExplainedCases.Of(name);
        Rng rng = new Rng(3).Split(name);
        var training = new TrainingOptions { BatchSize = 500, MaxSteps = 2_000, LearningRate = 2e-3, Schedule = RateSchedule.Cosine };
        TraceProposalResult learned = TraceProposal.Train(row.Mechanism, row.Theta, new TraceProposalOptions(), training, rng.Split("learn"));
        Assert.Equal(StopReason.BudgetSteps, learned.Training.StopReason);
        Assert.Equal(0, learned.LeftOut);
        Assert.True(learned.Training.Replays > 0);

        var options = new TraceImportanceOptions { Traces = 10_000 };
        TraceImportanceResult result = row.Explainer.Weigh(learned.Proposal, options, rng.Split("weigh"));
        Assert.Equal(row.LogEvidence, result.Weights.LogEvidence, 4.5 * result.Weights.LogEvidenceError);
        Assert.True(result.Weights.ParetoK < 0.7);
        row.Check(result.Traces);

        // On the uniform board a fifth of all events falls into the bin, so that a perfect proposal with a tenth of its events from the laws gains a factor of 4.5.
        TraceImportanceResult plain = row.Explainer.Weigh(options, rng.Split("plain"));
        Assert.True(
            result.Weights.EffectiveSampleSize > 2.5 * plain.Weights.EffectiveSampleSize,
            $"{result.Weights.EffectiveSampleSize} effective events against {plain.Weights.EffectiveSampleSize} of likelihood weighting.");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Explainer_ThreeWays_AgreeWithTheExactPath()
    {
        // snippet: explaining
        var board = new GeneralizedGaltonBoard();
        var explainer = new Explainer(board, theta: [-0.7], new Observation(12));      // the ball fell into bin 12
        var rng = new Rng(seed: 1);

        TraceImportanceResult weighed = explainer.Weigh(new TraceImportanceOptions(), rng.Split("weigh"));

        TraceMetropolisResult walked = explainer.Walk(
            new TraceMetropolisOptions { Relaxation = (output, x, seen) => -Math.Abs(x - seen) }, rng.Split("walk"));

        TraceProposal proposal = TraceProposal.Train(
            board, [-0.7], new TraceProposalOptions(), new TrainingOptions { MaxSteps = 1_000, LearningRate = 2e-3 }, rng.Split("learn")).Proposal;
        TraceImportanceResult proposed = explainer.Weigh(proposal, new TraceImportanceOptions(), rng.Split("propose"));

        var site = new Site("nail", 10);
        double right = proposed.Traces.Marginal(site).Probabilities[1];                // did the ball turn right at nail 10?
        TraceMean twice = walked.Traces.Probability(path => path[site] == 1 && path[new Site("nail", 11)] == 1);
        // end-snippet

        ExplainedCase exact = ExplainedCases.Of("generalized-galton");
        double expected = exact.Quantities.Single(q => q.Name == "nail 10").Exact;
        TraceMean error = proposed.Traces.Expectation(r => r[site]);
        Assert.Equal(expected, right, 4.5 * error.Error);
        foreach (ExplainedTraces traces in (ExplainedTraces[])[weighed.Traces, walked.Traces, proposed.Traces])
        {
            exact.Check(traces);
        }

        TraceMean same = proposed.Traces.Probability(r => r[site] == 1 && r[new Site("nail", 11)] == 1);
        Assert.Equal(same.Value, twice.Value, 4.5 * Math.Sqrt((same.Error * same.Error) + (twice.Error * twice.Error)));
    }

    [Fact]
    public void Read_ChoiceByChoice_IsTheTrainedDensity()
    {
        // The reader adds up a summary and lays weights out anew; the loss is one evaluation of the network for each choice.
        foreach (string name in (string[])["hidden-markov", "mixture"])
        {
            ExplainedCase row = ExplainedCases.Of(name);
            TraceProposal proposal = TraceProposal.Train(row.Mechanism, row.Theta, new TraceProposalOptions { Traces = 300 }, Short, new Rng(1)).Proposal;
            double[] x = [.. row.Observation.X];
            ProposalReader reader = proposal.Reader(x);
            var observed = new ObservedEvent(row.Mechanism, row.Theta, row.Observation, null);
            foreach (bool proposes in (bool[])[true, false])
            {
                reader.Begin(proposes);
                var trace = new ProposingTrace(observed, reader, new Rng(2));
                observed.Run(ref trace);
                var replay = new NotingTrace(observed.ToRecord(), proposal.Known, []);
                double[] again = new double[x.Length];
                row.Mechanism.Run<double, NotingTrace>(row.Theta, again, ref replay);
                var task = new TraceProposalTask(proposal.Network, proposal.Known, [proposal.Scaled(x)], [[.. replay.Choices]]);
                using var scope = new TensorScope();
                double logProposal = -task.Loss([.. Enumerable.Range(0, task.Count)], Quincunx.Inference.Networks.Mode.Evaluation, new Rng(0)).ToScalar();
                Assert.Equal(replay.LogLaw + reader.LogRatio, logProposal, 1e-4);
            }
        }
    }

    [Fact]
    public void Weigh_WithAnyProposal_BoundsTheWeights()
    {
        ExplainedCase row = ExplainedCases.Of("mixture");
        TraceProposal proposal = TraceProposal.Train(row.Mechanism, row.Theta, new TraceProposalOptions { Traces = 500 }, Short, new Rng(4)).Proposal;
        var options = new TraceImportanceOptions { Traces = 2_000, DefensiveShare = 0.2 };
        TraceImportanceResult result = row.Explainer.Weigh(proposal, options, new Rng(5));
        for (int i = 0; i < result.Traces.Records.Count; i++)
        {
            double logWeight = Math.Log(result.Traces.Weights[i] * options.Traces) + result.Weights.LogEvidence;
            double logLikelihood = result.Traces.Records[i].Entries.Where(e => e.Site.Name == Site.OutputName).Sum(e => e.LogProb);
            Assert.True(logWeight <= logLikelihood - Math.Log(0.2) + 1e-9);
        }

        // Drawn from the laws alone, the weights are likelihood weights whatever the network says.
        TraceImportanceResult plain = row.Explainer.Weigh(proposal, options with { DefensiveShare = 1 }, new Rng(5));
        TraceRecord first = plain.Traces.Records[0];
        double likelihood = first.Entries.Where(e => e.Site.Name == Site.OutputName).Sum(e => e.LogProb);
        Assert.Equal(likelihood, Math.Log(plain.Traces.Weights[0] * options.Traces) + plain.Weights.LogEvidence, 1e-9);
    }

    [Fact]
    public void Weigh_OfNoisesAndCounts_FindsTheConjugatePosterior()
    {
        // rate ~ Gamma(2, 1), hidden and seen counts ~ Poisson(rate). With 5 seen, rate ~ Gamma(7, 2) and the hidden count, proposed by its noise, has its mean.
        var mechanism = new Counts();
        TraceProposalResult learned = TraceProposal.Train(
            mechanism, [], new TraceProposalOptions { Traces = 3_000, MostValues = 2 }, Short with { MaxSteps = 400 }, new Rng(6));
        TraceImportanceResult result = new Explainer(mechanism, [], new Observation(5)).Weigh(learned.Proposal, new TraceImportanceOptions(), new Rng(7));
        TraceMean rate = result.Traces.Expectation(r => r[new Site("rate")]), square = result.Traces.Expectation(r => r[new Site("rate")] * r[new Site("rate")]);
        TraceMean hidden = result.Traces.Expectation(r => r[new Site("hidden")]);
        Assert.Equal(3.5, rate.Value, 4.5 * rate.Error);
        Assert.Equal((3.5 * 3.5) + (7 / 4.0), square.Value, 4.5 * square.Error);
        Assert.Equal(3.5, hidden.Value, 4.5 * hidden.Error);

        // p(5) is negative binomial: C(6, 5) / 2^7.
        Assert.Equal(Math.Log(6.0 / 128), result.Weights.LogEvidence, 4.5 * result.Weights.LogEvidenceError);
    }

    [Fact]
    public void Weigh_OfLoopsLongerThanWereLearned_StaysExact()
    {
        // n ~ Geometric(1/2) steps, x ~ N(n, 1). Few of 500 events come to step 6, so the proposal does not know what x = 7 asks for.
        var mechanism = new Steps();
        TraceProposalResult learned = TraceProposal.Train(mechanism, [], new TraceProposalOptions { Traces = 500 }, Short, new Rng(8));
        Assert.True(learned.LeftOut > 0);
        Assert.DoesNotContain(new Site("more", 12), learned.Proposal.Sites);
        TraceImportanceResult result = new Explainer(mechanism, [], new Observation(7)).Weigh(learned.Proposal, new TraceImportanceOptions(), new Rng(9));
        double[] p = [.. Enumerable.Range(0, 40).Select(n => Math.Pow(0.5, n + 1) * Math.Exp(-0.5 * (7 - n) * (7 - n)) / Math.Sqrt(2 * Math.PI))];
        TraceMean steps = result.Traces.Expectation(r => r.Entries.Count - 2);
        Assert.Equal(p.Select((q, n) => q * n).Sum() / p.Sum(), steps.Value, 4.5 * steps.Error);
        Assert.Equal(Math.Log(p.Sum()), result.Weights.LogEvidence, 4.5 * result.Weights.LogEvidenceError);
    }

    [Fact]
    public void Weigh_WithAChoiceSeenAndAnOutputNot_StaysExact()
    {
        // As in the test of likelihood weights: one component, x_1 not seen.
        ExplainedCase row = ExplainedCases.Of("mixture");
        TraceProposal proposal = TraceProposal.Train(row.Mechanism, row.Theta, new TraceProposalOptions { Traces = 1_000 }, Short, new Rng(10)).Proposal;
        var observation = new Observation(-1.5, double.NaN, 2.1, 1.2) { Sites = new Dictionary<Site, double> { [new Site("components")] = 0 } };
        TraceImportanceResult result = new Explainer(row.Mechanism, row.Theta, observation).Weigh(proposal, new TraceImportanceOptions(), new Rng(11));
        TraceMean unseen = result.Traces.Expectation(r => r.X[1]);
        Assert.Equal(1.8 / 3.25, unseen.Value, 4.5 * unseen.Error);
    }

    [Fact]
    public void Export_AndImport_GiveTheSameEvents()
    {
        ExplainedCase row = ExplainedCases.Of("mixture");
        TraceProposal proposal = TraceProposal.Train(row.Mechanism, row.Theta, new TraceProposalOptions { Traces = 300, Width = 20, Depth = 1 }, Short, new Rng(12)).Proposal;
        TraceProposal again = TraceProposal.Import(proposal.Export());
        Assert.Equal(proposal.Sites, again.Sites);
        Assert.Equal(LogWeights(proposal, threads: 1), LogWeights(again, threads: 3));

        NamedTensors broken = new();
        foreach ((string name, Tensor values) in proposal.Export().Where(e => e.Key != "sites"))
        {
            broken.Add(name, values);
        }

        Assert.Throws<StateException>(() => TraceProposal.Import(broken));
        broken.Add("sites", Tensor.Zeros(new Shape(proposal.Sites.Count, 8), DType.Float64));
        Assert.Throws<StateException>(() => TraceProposal.Import(broken));

        double[] LogWeights(TraceProposal p, int threads) =>
            [.. row.Explainer.Weigh(p, new TraceImportanceOptions { Traces = 300, Threads = threads }, new Rng(13)).Weights.Weights];
    }

    [Fact]
    public void Train_WithBadInput_SaysWhatItExpected()
    {
        var board = new GaltonBoard(3);
        Assert.Throws<ArgumentException>(() => TraceProposal.Train(board, [], new TraceProposalOptions(), Short, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => TraceProposal.Train(board, [0.5], new TraceProposalOptions { Traces = 1 }, Short, new Rng(1)));
        Assert.Contains(
            "besides its outputs",
            Assert.Throws<ArgumentException>(() => TraceProposal.Train(new Bare(), [], new TraceProposalOptions { Traces = 50 }, Short, new Rng(1))).Message,
            StringComparison.Ordinal);
        TraceProposal proposal = TraceProposal.Train(board, [0.5], new TraceProposalOptions { Traces = 50 }, Short with { MaxSteps = 2 }, new Rng(1)).Proposal;
        Explainer mixture = ExplainedCases.Of("mixture").Explainer, three = new(board, [0.5], new Observation(1));
        var other = Assert.Throws<ArgumentException>(() => mixture.Weigh(proposal, new TraceImportanceOptions(), new Rng(1)));
        Assert.Contains("4 outputs, got one for 1", other.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => three.Weigh(proposal, new TraceImportanceOptions { DefensiveShare = 0 }, new Rng(1)));
    }

    /// <summary>Replays a record and notes its latent choices as training does.</summary>
    private struct NotingTrace(TraceRecord record, LearnedSites sites, List<RecordedChoice> choices) : ITrace<double>
    {
        public readonly List<RecordedChoice> Choices => choices;

        /// <summary>log p of the labels and of the noises.</summary>
        public double LogLaw { get; private set; }

        public double Draw<TLaw>(Site site, TLaw law)
            where TLaw : struct, ILaw<double>, allows ref struct
        {
            double value = record[site];
            if (site.Name == Site.OutputName)
            {
                return value;
            }

            int at = sites.Find(site, TraceEntry.KindOf<TLaw>()), values = sites[at].Values;
            double noise = values > 0 ? 0 : law.ToNoise(value, new Rng(0));
            float[] logLaw = new float[values];
            for (int v = 0; v < values; v++)
            {
                logLaw[v] = (float)law.LogProb(v);
            }

            choices.Add(new(at, value, noise, values > 0 ? logLaw : null));
            LogLaw += values > 0 ? law.LogProb(value) : (-0.5 * noise * noise) - (0.5 * Math.Log(2 * Math.PI));
            return value;
        }

        public readonly double Let(Site site, double value) => value;
    }

    private sealed class Steps : IMechanism
    {
        public IReadOnlyList<string> ParameterNames { get; } = [];

        public IReadOnlyList<string> OutputNames { get; } = ["x"];

        public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
            where TReal : unmanaged, IFloatingPointIeee754<TReal>
            where TTrace : struct, ITrace<TReal>
        {
            int steps = 0;
            while (trace.Flip(new Site("more", steps), TReal.CreateTruncating(0.5)))
            {
                steps++;
            }

            x[0] = trace.Draw(Site.Output(0), Law.Normal(TReal.CreateTruncating(steps), TReal.One));
        }
    }

    /// <summary>Has no choices but its output.</summary>
    private sealed class Bare : IMechanism
    {
        public IReadOnlyList<string> ParameterNames { get; } = [];

        public IReadOnlyList<string> OutputNames { get; } = ["x"];

        public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
            where TReal : unmanaged, IFloatingPointIeee754<TReal>
            where TTrace : struct, ITrace<TReal> => x[0] = trace.Draw(Site.Output(0), Law.Normal(TReal.Zero, TReal.One));
    }
}

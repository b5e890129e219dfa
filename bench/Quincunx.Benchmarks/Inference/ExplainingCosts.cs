using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Explaining;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;

namespace Quincunx.Benchmarks.Inference;

/// <summary>What the three ways of explaining give a second of one core, on problems whose answers are known.</summary>
internal static class ExplainingCosts
{
    private sealed record Problem(string Name, IMechanism Mechanism, double[] Theta, Observation Observation, OutputKernel? Relaxation, Func<TraceRecord, double>[] Quantities);

    /// <summary>Writes a table.</summary>
    public static void Print(TextWriter output)
    {
        output.WriteLine("| problem | method | effective events | seconds | a second | |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (Problem problem in (ReadOnlySpan<Problem>)[Chain(8), Chain(32), Mixture(), Galton(12), Galton(6)])
        {
            var explainer = new Explainer(problem.Mechanism, problem.Theta, problem.Observation);
            Importance("likelihood weights", (traces, rng) => explainer.Weigh(new TraceImportanceOptions { Traces = traces, Threads = 1 }, rng), 200_000);

            TraceMetropolisOptions options = new() { WarmUp = 5_000, Samples = 5_000, Thin = 20, Threads = 1, Relaxation = problem.Relaxation };
            explainer.Walk(options with { Samples = 1_000 }, new Rng(1));
            long began = Stopwatch.GetTimestamp();
            TraceMetropolisResult walked = explainer.Walk(options, new Rng(2));
            double worst = problem.Quantities.Max(walked.RHat);
            Write("Markov chains", walked.Traces, began, $"{walked.AcceptanceRate:P0} accepted, {walked.KeptShare:P0} kept, R-hat {worst:F3}");

            began = Stopwatch.GetTimestamp();
            var training = new TrainingOptions { BatchSize = 500, MaxSteps = 3_000, LearningRate = 2e-3, Schedule = RateSchedule.Cosine, Threads = 1 };
            TraceProposal proposal = TraceProposal.Train(problem.Mechanism, problem.Theta, new TraceProposalOptions(), training, new Rng(3)).Proposal;
            string learned = $", {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s to learn";
            Importance("learned proposal", (traces, rng) => explainer.Weigh(proposal, new TraceImportanceOptions { Traces = traces, Threads = 1 }, rng), 20_000, learned);

            void Importance(string method, Func<int, Rng, TraceImportanceResult> weigh, int traces, string note = "")
            {
                weigh(traces / 4, new Rng(4));
                long start = Stopwatch.GetTimestamp();
                TraceImportanceResult result = weigh(traces, new Rng(5));
                Write(method, result.Traces, start, $"efficiency {result.Weights.Efficiency:P2}{note}");
            }

            // Of the quantity that is known worst: its variance over the square of the error of its mean.
            void Write(string method, ExplainedTraces traces, long start, string note)
            {
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, least = double.PositiveInfinity;
                foreach (Func<TraceRecord, double> quantity in problem.Quantities)
                {
                    TraceMean mean = traces.Expectation(quantity);
                    double variance = traces.Expectation(r => Math.Pow(quantity(r) - mean.Value, 2)).Value;
                    least = Math.Min(least, variance / (mean.Error * mean.Error));
                }

                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {problem.Name} | {method} | {least:F0} | {seconds:F2} | {least / seconds:F0} | {note} |"));
            }
        }
    }

    private static Problem Chain(int steps)
    {
        var chain = new HiddenChain(steps);
        double[] x = RecordingTrace.Run(chain, [1], new Rng(6)).X;
        return new($"hidden chain, {steps} steps", chain, [1], new Observation(x), null, [.. Enumerable.Range(0, steps).Select<int, Func<TraceRecord, double>>(t => r => r[new Site("state", t)])]);
    }

    private static Problem Mixture() => new(
        "mixture of 1 to 3",
        new Components(),
        [2],
        new Observation(-1.5, -0.9, 2.1, 1.2),
        null,
        [r => r[new Site("components")], r => r[new Site("mean")], r => r.TryGet(new Site("label", 0), out TraceEntry e) ? e.Value : 0]);

    private static Problem Galton(int bin) => new(
        $"board `galton`, bin {bin}",
        new GeneralizedGaltonBoard(),
        [-0.7],
        new Observation(bin),
        (_, x, seen) => -Math.Abs(x - seen),
        [.. Enumerable.Range(0, GeneralizedGaltonBoard.Rows).Select<int, Func<TraceRecord, double>>(row => r => r[new Site("nail", row)])]);
}

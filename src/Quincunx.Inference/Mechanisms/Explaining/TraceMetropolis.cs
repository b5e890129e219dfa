using System.Runtime.ExceptionServices;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>Several chains over traces, and what they kept.</summary>
internal static class TraceMetropolis
{
    public static TraceMetropolisResult Run(TraceMetropolisOptions options, Rng rng, Func<ObservedEvent> newEvent, CancellationToken cancel)
    {
        var chains = new TraceChain[options.Chains];
        var kept = new List<TraceRecord>[options.Chains];
        int[] attempts = new int[options.Chains];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads == 0 ? -1 : options.Threads, CancellationToken = cancel };
        try
        {
            Parallel.For(0, options.Chains, parallel, c => RunChain(c));
        }
        catch (AggregateException e) when (e.InnerExceptions.Count > 0)
        {
            // A fault of the mechanism reads as it would without threads.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        bool started = attempts.All(a => a > 0);
        long steps = chains.Sum(c => c.Steps), looked = (long)options.Chains * options.Samples, count = started ? kept.Sum(k => (long)k.Count) : 0;
        return new TraceMetropolisResult
        {
            StopReason = !started ? TraceMetropolisStop.NoStart : count == 0 ? TraceMetropolisStop.NoAgreement : TraceMetropolisStop.Completed,
            Traces = ExplainedTraces.OfChains(started ? kept : [.. kept.Select(_ => new List<TraceRecord>())]),
            Steps = steps,
            AcceptanceRate = steps == 0 ? double.NaN : chains.Sum(c => c.Accepted) / (double)steps,
            KeptShare = count / (double)looked,
            Invalid = chains.Sum(c => c.Invalid),
            StartAttempts = attempts.Sum(a => (long)(a < 0 ? options.StartAttempts : a)),
        };

        void RunChain(int c)
        {
            Rng stream = rng.Split(c);
            TraceChain chain = chains[c] = new TraceChain(newEvent, options);
            kept[c] = [];
            attempts[c] = chain.Start(stream);
            if (attempts[c] < 0)
            {
                return;
            }

            for (int step = 0; step < options.WarmUp; step++)
            {
                Step();
            }

            for (int sample = 0; sample < options.Samples; sample++)
            {
                for (int step = 0; step < options.Thin; step++)
                {
                    Step();
                }

                if (chain.State.IsExact || options.Relaxation is null)
                {
                    kept[c].Add(chain.State.ToRecord());
                }
            }

            void Step()
            {
                cancel.ThrowIfCancellationRequested();
                chain.Step(stream);
            }
        }
    }
}

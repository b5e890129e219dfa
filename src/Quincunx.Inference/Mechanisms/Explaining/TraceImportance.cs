using System.Runtime.ExceptionServices;
using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>The loop that all importance sampling of traces shares.</summary>
internal static class TraceImportance
{
    private const int Chunk = 64;

    /// <param name="begin">Makes what one thread works with.</param>
    /// <param name="weigh">Runs an event on a stream and returns its log-weight; called on many threads, each with its own first argument.</param>
    public static TraceImportanceResult Run<TState>(
        TraceImportanceOptions options, Rng rng, Func<TState> begin, Func<TState, Rng, double> weigh, Func<TState, ObservedEvent> eventOf, CancellationToken cancel)
    {
        double[] logWeights = new double[options.Traces];
        var records = new TraceRecord?[options.Traces];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads == 0 ? -1 : options.Threads, CancellationToken = cancel };
        int chunks = (options.Traces + Chunk - 1) / Chunk;
        try
        {
            Parallel.For(0, chunks, parallel, () => (State: begin(), Rng: new Rng(0)), Work, _ => { });
        }
        catch (AggregateException e) when (e.InnerExceptions.Count > 0)
        {
            // A fault of the mechanism reads as it would without threads.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        var weights = ImportanceWeights.FromLog(logWeights);
        var traces = ExplainedTraces.Weighted(records, weights.Weights);
        return new TraceImportanceResult(weights.IsEmpty ? TraceImportanceStop.NoAgreement : TraceImportanceStop.Completed, traces, weights);

        (TState State, Rng Rng) Work(int chunk, ParallelLoopState _, (TState State, Rng Rng) local)
        {
            for (int i = chunk * Chunk; i < Math.Min((chunk + 1) * Chunk, options.Traces); i++)
            {
                local.Rng.Become(rng, i);
                logWeights[i] = weigh(local.State, local.Rng);
                records[i] = double.IsFinite(logWeights[i]) ? eventOf(local.State).ToRecord() : null;
            }

            return local;
        }
    }
}

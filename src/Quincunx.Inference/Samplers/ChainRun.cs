namespace Quincunx.Inference.Samplers;

/// <summary>The loop of every Markov-chain sampler: warm-up, draws, and what is told about them.</summary>
internal static class ChainRun
{
    public static ChainResult Run(
        ChainState state, CountedTarget target, ITransition transition, ChainOptions options, IProgress<SamplerProgress>? progress,
        Func<double[][], Diagnostics.ChainSummary>? summarise = null)
    {
        int d = state.Dimension, iterations = checked(options.Warmup + (options.Draws * options.Thinning));
        double[] points = new double[checked(state.Chains * options.Draws * d)], logDensities = new double[state.Chains * options.Draws];
        bool[] moved = new bool[state.Chains];
        double[] first = [];
        (long Densities, long Gradients) warmup = (0, 0);
        if (!Array.TrueForAll(state.LogDensities, double.IsFinite))
        {
            return Result(SamplerStop.NoFiniteStart, draws: 0);
        }

        int complete = 0;
        for (int i = 0; i < iterations; i++)
        {
            if (options is HamiltonianOptions { MaxGradients: var most } && target.Gradients >= most)
            {
                return Result(SamplerStop.BudgetExhausted, complete);
            }

            bool isWarmup = i < options.Warmup;
            if (i == options.Warmup)
            {
                transition.EndWarmup();
                warmup = (target.Densities, target.Gradients);
                first = [.. state.Points];
            }

            if (transition.Step(isWarmup) is { } stop)
            {
                return Result(stop, draws: 0);
            }

            int kept = isWarmup ? 0 : i + 1 - options.Warmup;
            if (kept > 0 && kept % options.Thinning == 0)
            {
                int draw = complete++;
                for (int c = 0; c < state.Chains; c++)
                {
                    int row = (c * options.Draws) + draw;
                    state.Point(c).CopyTo(points.AsSpan(row * d, d));
                    logDensities[row] = state.LogDensities[c];
                    moved[c] = moved[c] || !state.Point(c).SequenceEqual(first.AsSpan(c * d, d));
                }
            }

            progress?.Report(new SamplerProgress(i + 1, iterations, target.Evaluations));
        }

        // A single draw may well be where the chain was.
        return Result(options.Draws > 1 && moved.Contains(value: false) ? SamplerStop.Stuck : SamplerStop.Completed, options.Draws);

        ChainResult Result(SamplerStop stop, int draws) => new(Kept(points, draws, d), Kept(logDensities, draws, 1), state.Chains, draws, state.Dimension, transition.Report(), summarise)
        {
            StopReason = stop,
            WarmupDensities = draws > 0 ? warmup.Densities : target.Densities,
            WarmupGradients = draws > 0 ? warmup.Gradients : target.Gradients,
            DensityEvaluations = draws > 0 ? target.Densities - warmup.Densities : 0,
            GradientEvaluations = draws > 0 ? target.Gradients - warmup.Gradients : 0,
            Invalid = target.Invalid,
        };

        // The first draws of each chain, where there are not all of them.
        double[] Kept(double[] all, int draws, int width) => draws == options.Draws
            ? all
            : [.. Enumerable.Range(0, state.Chains).SelectMany(c => all.AsSpan(c * options.Draws * width, draws * width).ToArray())];
    }
}

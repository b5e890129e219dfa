using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Optimisation;

/// <summary>The update of Adam and AdamW in one pass over weight, gradient and both moments.</summary>
internal static class AdamKernel
{
    public static void Step(OptimiserState state, IReadOnlyList<Tensor> gradients, double learningRate, AdamOptions options, double weightDecay)
    {
        state.Advance(gradients);
        // m̂ = m / (1 - β₁ᵗ) and √v̂ = √v / √(1 - β₂ᵗ): the corrections are numbers, not arrays.
        var step = new AdamUpdate(
            1 - options.Beta1,
            1 - options.Beta2,
            learningRate / (1 - Math.Pow(options.Beta1, state.Steps)),
            1 / Math.Sqrt(1 - Math.Pow(options.Beta2, state.Steps)),
            options.Epsilon,
            Keep: 1);
        AdamUpdate shrinking = step with { Keep = 1 - (learningRate * weightDecay) };
        for (int i = 0; i < state.Parameters.Count; i++)
        {
            Tensor weight = state.Parameters[i].Value, mean = state.Moment(0)[i], square = state.Moment(1)[i];
            AdamUpdate with = weight.Rank >= 2 ? shrinking : step;
            if (weight.DType == DType.Float32)
            {
                with.Run(weight.Writable<float>(), gradients[i].AsSpan<float>(), mean.Writable<float>(), square.Writable<float>());
            }
            else
            {
                with.Run(weight.Writable<double>(), gradients[i].AsSpan<double>(), mean.Writable<double>(), square.Writable<double>());
            }
        }
    }
}

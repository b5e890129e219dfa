using System.Numerics;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Optimisation;

/// <summary>The update of Adam and AdamW in one pass over weight, gradient and both moments.</summary>
internal static class AdamKernel
{
    public static void Step(OptimiserState state, IReadOnlyList<Tensor> gradients, double learningRate, AdamOptions options, double weightDecay)
    {
        state.Advance(gradients);
        // m̂ = m / (1 - β₁ᵗ) and √v̂ = √v / √(1 - β₂ᵗ): the corrections are numbers, not arrays.
        var step = new Coefficients(
            1 - options.Beta1,
            1 - options.Beta2,
            learningRate / (1 - Math.Pow(options.Beta1, state.Steps)),
            1 / Math.Sqrt(1 - Math.Pow(options.Beta2, state.Steps)),
            options.Epsilon,
            Keep: 1);
        Coefficients shrinking = step with { Keep = 1 - (learningRate * weightDecay) };
        for (int i = 0; i < state.Parameters.Count; i++)
        {
            Tensor weight = state.Parameters[i].Value, mean = state.Moment(0)[i], square = state.Moment(1)[i];
            Coefficients with = weight.Rank >= 2 ? shrinking : step;
            if (weight.DType == DType.Float32)
            {
                Update(weight.Writable<float>(), gradients[i].AsSpan<float>(), mean.Writable<float>(), square.Writable<float>(), with);
            }
            else
            {
                Update(weight.Writable<double>(), gradients[i].AsSpan<double>(), mean.Writable<double>(), square.Writable<double>(), with);
            }
        }
    }

    // The tail does the same operations in the same order as the vectors, so a weight's value does not depend on its place.
    private static void Update<T>(Span<T> weight, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> square, Coefficients step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T gain1 = T.CreateTruncating(step.Gain1), gain2 = T.CreateTruncating(step.Gain2), rate = T.CreateTruncating(step.Rate);
        T root = T.CreateTruncating(step.Root), epsilon = T.CreateTruncating(step.Epsilon), keep = T.CreateTruncating(step.Keep);
        int i = 0, width = Vector<T>.Count;
        for (; i <= weight.Length - width; i += width)
        {
            Vector<T> g = new(gradient[i..]), m = new(mean[i..]), v = new(square[i..]), w = new(weight[i..]);
            m += gain1 * (g - m);
            v += gain2 * ((g * g) - v);
            w = (keep * w) - (rate * m / ((root * Vector.SquareRoot(v)) + new Vector<T>(epsilon)));
            m.CopyTo(mean[i..]);
            v.CopyTo(square[i..]);
            w.CopyTo(weight[i..]);
        }

        for (; i < weight.Length; i++)
        {
            T g = gradient[i], m = mean[i], v = square[i];
            m += gain1 * (g - m);
            v += gain2 * ((g * g) - v);
            weight[i] = (keep * weight[i]) - (rate * m / ((root * T.Sqrt(v)) + epsilon));
            mean[i] = m;
            square[i] = v;
        }
    }

    private readonly record struct Coefficients(double Gain1, double Gain2, double Rate, double Root, double Epsilon, double Keep);
}

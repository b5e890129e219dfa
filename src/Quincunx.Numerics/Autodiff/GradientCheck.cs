using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Autodiff;

/// <summary>Compares recorded derivatives with central differences, in float64.</summary>
public static class GradientCheck
{
    /// <summary>Largest disagreement over first and second derivatives of one function at one point.</summary>
    /// <param name="First">Largest |recorded - numeric| / (1 + |numeric|) over all first derivatives.</param>
    /// <param name="Second">The same for the derivative of a random projection of the gradient.</param>
    public readonly record struct Outcome(double First, double Second);

    /// <summary>Checks Σ w f(x) for fixed random weights w, and the gradient of Σ v · ∂(Σ w f)/∂x.</summary>
    /// <param name="function">Any tensor function of float64 tensors.</param>
    /// <param name="points">Where; the function must be smooth within <paramref name="step"/> of them.</param>
    /// <param name="step">Step of the differences; their error is of the order of step² for smooth functions.</param>
    public static Outcome Run(Func<Tensor[], Tensor> function, Tensor[] points, Rng rng, double step = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(rng);
        Tensor[] leaves = [.. points.Select(p => p.Track())];
        Tensor y = function(leaves);
        Tensor weights = Tensor.Uniform(-1, 1, rng.Split("weights"), y.Shape, DType.Float64);
        Tensor[] directions = [.. points.Select((p, i) => Tensor.Uniform(-1, 1, rng.Split(i), p.Shape, DType.Float64))];

        Tensor Value(Tensor[] xs) => (function(xs) * weights).Sum();
        Tensor Slope(Tensor[] xs, bool differentiable)
        {
            Tensor[] tracked = differentiable ? xs : [.. xs.Select(x => x.Track())];
            Tensor value = Value(tracked);
            Tensor sum = Tensor.Scalar(0, DType.Float64);
            if (value.IsTracked)
            {
                Tensor[] gradients = Gradient.Of(value, tracked, differentiable);
                for (int i = 0; i < gradients.Length; i++)
                {
                    sum += (gradients[i] * directions[i]).Sum();
                }
            }

            return sum;
        }

        Tensor total = (y * weights).Sum();
        double first = total.IsTracked ? Disagreement(Gradient.Of(total, leaves), points, xs => Value(xs).ToScalar(), step) : 0;
        Tensor slope = Slope(leaves, differentiable: true);
        Tensor[] curvature = slope.IsTracked ? Gradient.Of(slope, leaves) : [.. points.Select(p => Tensor.Zeros(p.Shape, DType.Float64))];
        double second = Disagreement(curvature, points, xs => Slope(xs, differentiable: false).ToScalar(), step);
        return new Outcome(first, second);
    }

    private static double Disagreement(Tensor[] recorded, Tensor[] points, Func<Tensor[], double> function, double step)
    {
        double worst = 0;
        for (int p = 0; p < points.Length; p++)
        {
            double[] values = points[p].ToArray(), gradient = recorded[p].ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                double numeric = (At(values[i] + step) - At(values[i] - step)) / (2 * step);
                double error = Math.Abs(gradient[i] - numeric) / (1 + Math.Abs(numeric));
                worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);

                double At(double value)
                {
                    double[] moved = [.. values];
                    moved[i] = value;
                    Tensor[] xs = [.. points];
                    xs[p] = Tensor.From(moved, points[p].Shape);
                    return function(xs);
                }
            }
        }

        return worst;
    }
}

using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Equivariance;

/// <summary>Tries, at draws of the prior and of the blur, whether a group obeys the laws of <see cref="IPoseGroup"/>, and whether a prior is as an exact symmetry asks for.</summary>
internal static class PoseLaws
{
    private const int Trials = 20, PriorTrials = 200;
    private const double Rounding = 1e-7, StepSize = 1e-5, SlopeRounding = 1e-4;

    /// <returns>The law that is broken, and how; null where none was found to be.</returns>
    public static string? Broken(IPoseGroup group, IDistribution prior, IDistribution kernel, Rng rng)
    {
        int p = group.PoseDimension;
        for (int i = 0; i < Trials; i++)
        {
            Rng own = rng.Split(i);
            double[] theta = Draw(prior, own), g = Draw(kernel, own), h = Draw(kernel, own), x = new double[group.Features], nearest = new double[p], inverse = new double[p], zero = new double[p];
            own.FillNormal(x);
            group.Nearest(g, nearest);
            group.Invert(g, inverse);
            double[] pose = PoseOf(group, theta), gh = Compose(group, g, h);
            double slopeOfProduct = group.Compose(g, h, new double[p]), slopeOfTheta = group.MoveTheta(g, theta, new double[theta.Length]);
            string? broken =
                Differs("PoseOf(g theta) = g ∘ PoseOf(theta)", PoseOf(group, Theta(group, g, theta)), Compose(group, g, pose))
                ?? Differs("g (h theta) = (g ∘ h) theta", Theta(group, g, Theta(group, h, theta)), Theta(group, gh, theta))
                ?? Differs("g ∘ g⁻¹ = 0", Compose(group, g, inverse), zero)
                ?? Differs("g⁻¹ ∘ g = 0", Compose(group, inverse, g), zero)
                ?? Differs("Nearest(Nearest(g)) = Nearest(g)", Nearest(group, nearest), nearest)
                ?? (group.IsDiscrete ? null : Differs("Nearest(g) = g where the group is not discrete", nearest, g))
                ?? Differs("0 x = x", X(group, zero, x), x)
                ?? Differs("log |det ∂(g ∘ h) / ∂h|", [slopeOfProduct], [LogDeterminant(v => Compose(group, g, v), h)], SlopeRounding)
                ?? Differs("log |det ∂(g theta) / ∂theta|", [slopeOfTheta], [LogDeterminant(v => Theta(group, g, v), theta)], SlopeRounding);
            if (broken is not null)
            {
                return broken;
            }

            if (X(group, nearest, x).AsSpan().ContainsAnyExceptInRange(-double.MaxValue, double.MaxValue))
            {
                return $"g x: finite numbers are moved to others by g = {Show(nearest)}";
            }
        }

        return null;
    }

    /// <summary>Whether the prior changes, when parameters are moved, by another factor here than there; where they stay inside it.</summary>
    /// <remarks>A factor that depends on the element alone cancels in the posterior.</remarks>
    /// <returns>Two parameter vectors for which it is not the same; null where none were found.</returns>
    public static (double[] First, double[] Second)? Unequal(IPoseGroup group, IDistribution prior, IDistribution kernel, Rng rng)
    {
        for (int i = 0; i < PriorTrials; i++)
        {
            Rng own = rng.Split(i);
            double[] element = Draw(kernel, own), first = Draw(prior, own), second = Draw(prior, own);
            double a = Change(first), b = Change(second);
            if (double.IsFinite(a) && double.IsFinite(b) && Math.Abs(a - b) > Rounding * (1 + Math.Abs(a)))
            {
                return (first, second);
            }

            double Change(double[] theta)
            {
                double[] moved = new double[theta.Length];
                double slope = group.MoveTheta(element, theta, moved);
                return prior.LogProb(moved) - prior.LogProb(theta) + slope;
            }
        }

        return null;
    }

    private static string? Differs(string law, double[] found, double[] expected, double rounding = Rounding)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(found[i] - expected[i]) <= rounding * (1 + Math.Abs(expected[i]))))
            {
                return $"{law}: {Show(found)} and not {Show(expected)}";
            }
        }

        return null;
    }

    private static double LogDeterminant(Func<double[], double[]> map, double[] at)
    {
        Matrix<double> jacobian = Matrix<double>.Build.Dense(at.Length, at.Length);
        for (int j = 0; j < at.Length; j++)
        {
            double step = StepSize * (1 + Math.Abs(at[j]));
            double[] up = [.. at], down = [.. at];
            (up[j], down[j]) = (at[j] + step, at[j] - step);
            double[] above = map(up), below = map(down);
            for (int i = 0; i < at.Length; i++)
            {
                jacobian[i, j] = (above[i] - below[i]) / (2 * step);
            }
        }

        return Math.Log(Math.Abs(jacobian.Determinant()));
    }

    private static double[] Draw(IDistribution distribution, Rng rng)
    {
        double[] draw = new double[distribution.Dimension];
        distribution.Sample(draw, rng);
        return draw;
    }

    private static double[] PoseOf(IPoseGroup group, double[] theta)
    {
        double[] pose = new double[group.PoseDimension];
        group.PoseOf(theta, pose);
        return pose;
    }

    private static double[] Compose(IPoseGroup group, double[] first, double[] second)
    {
        double[] product = new double[first.Length];
        group.Compose(first, second, product);
        return product;
    }

    private static double[] Nearest(IPoseGroup group, double[] pose)
    {
        double[] element = new double[pose.Length];
        group.Nearest(pose, element);
        return element;
    }

    private static double[] Theta(IPoseGroup group, double[] pose, double[] theta)
    {
        double[] moved = new double[theta.Length];
        group.MoveTheta(pose, theta, moved);
        return moved;
    }

    private static double[] X(IPoseGroup group, double[] pose, double[] x)
    {
        double[] moved = new double[x.Length];
        group.MoveX(pose, x, moved);
        return moved;
    }

    private static string Show(double[] values) => $"({string.Join(", ", values.Select(v => v.ToString("G4", CultureInfo.InvariantCulture)))})";
}

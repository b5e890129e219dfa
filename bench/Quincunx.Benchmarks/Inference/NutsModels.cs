using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks.Inference;

/// <summary>What <see cref="NutsEfficiency"/> draws from.</summary>
/// <param name="Named">Functions of a draw that are reported each.</param>
/// <param name="Rest">Index of the first coordinate of those of which the worst is reported.</param>
internal sealed record NutsModel(string Name, IGradientTarget Target, (string Name, Func<double[], double> Of)[] Named, int Rest)
{
    private static readonly double[] Effects = [28, 8, -3, 7, -1, 1, 18, 12], Errors = [15, 10, 16, 11, 9, 11, 10, 18];

    /// <summary>Two that Stan has figures of, and others, since what suits these need not suit those.</summary>
    public static IReadOnlyList<NutsModel> All { get; } =
    [
        new("eight schools", new GradientFunctionTarget(10, Schools), [("mu", z => z[0]), ("tau", z => Math.Exp(z[1]))], 2),
        new("funnel of ten", new GradientFunctionTarget(10, Normal), [("v", z => 3 * z[0]), ("x_1", z => Math.Exp(1.5 * z[0]) * z[1])], 2),
        new("normal, 2", new GradientFunctionTarget(2, Normal), [], 0),
        new("normal, 25", new GradientFunctionTarget(25, Normal), [], 0),
        new("normal, 50", new GradientFunctionTarget(50, Normal), [], 0),
        new("normal, 100", new GradientFunctionTarget(100, Normal), [], 0),
        new("ten in a row, correlation 0.9", new GradientFunctionTarget(10, (z, gradient) => Row(z, gradient, 0.9)), [], 0),
        new("fifty in a row, correlation 0.5", new GradientFunctionTarget(50, (z, gradient) => Row(z, gradient, 0.5)), [], 0),
        new("banana", new GradientFunctionTarget(2, Banana), [], 0),
        new("logistic regression of ten", Logistic(200, 10), [], 0),
        new("ten of Student's t, 5 degrees of freedom", new GradientFunctionTarget(10, (z, gradient) => Student(z, gradient, 5)), [], 0),
        new("normal, 50, deviations 1 to 100, rotated", Rotated(50), [], 0),
    ];

    // mu, log tau, eta₁ to eta₈, flat priors of mu and tau; effect j is mu + tau etaⱼ.
    private static double Schools(ReadOnlySpan<double> z, Span<double> gradient)
    {
        double mu = z[0], tau = Math.Exp(z[1]), log = z[1];
        (gradient[0], gradient[1]) = (0, 1);
        for (int j = 0; j < 8; j++)
        {
            double eta = z[2 + j], r = (Effects[j] - mu - (tau * eta)) / Errors[j];
            log -= 0.5 * ((eta * eta) + (r * r));
            gradient[0] += r / Errors[j];
            gradient[1] += r * tau * eta / Errors[j];
            gradient[2 + j] = (r * tau / Errors[j]) - eta;
        }

        return log;
    }

    // Unit variances, correlation rho^|i - j|.
    private static double Row(ReadOnlySpan<double> z, Span<double> gradient, double rho)
    {
        double log = 0, s = Math.Sqrt(1 - (rho * rho));
        gradient.Clear();
        for (int j = 0; j < z.Length; j++)
        {
            double scale = j == 0 ? 1 : s, r = (z[j] - (j == 0 ? 0 : rho * z[j - 1])) / scale;
            log -= 0.5 * r * r;
            gradient[j] -= r / scale;
            if (j > 0)
            {
                gradient[j - 1] += rho * r / scale;
            }
        }

        return log;
    }

    private static double Normal(ReadOnlySpan<double> z, Span<double> gradient) => Row(z, gradient, 0);

    // x ~ N(0, 1), y ~ N(x² / 2, 0.5²).
    private static double Banana(ReadOnlySpan<double> z, Span<double> gradient)
    {
        double r = (z[1] - (0.5 * z[0] * z[0])) / 0.5;
        (gradient[0], gradient[1]) = ((2 * r * z[0]) - z[0], -2 * r);
        return -0.5 * ((z[0] * z[0]) + (r * r));
    }

    private static double Student(ReadOnlySpan<double> z, Span<double> gradient, double freedom)
    {
        double log = 0;
        for (int j = 0; j < z.Length; j++)
        {
            double spread = freedom + (z[j] * z[j]);
            log -= 0.5 * (freedom + 1) * Math.Log(spread);
            gradient[j] = -(freedom + 1) * z[j] / spread;
        }

        return log;
    }

    // Deviations 1 to 100 along the axes of a random rotation, which no diagonal metric finds; the rotation is one reflection.
    private static GradientFunctionTarget Rotated(int d)
    {
        double[] axis = new double[d];
        new Rng(4).FillNormal(axis);
        double squared = Dot(axis, axis);
        return new GradientFunctionTarget(d, (z, gradient) =>
        {
            double along = 2 * Dot(axis, z) / squared, log = 0;
            for (int j = 0; j < d; j++)
            {
                double deviation = Math.Pow(100, (double)j / (d - 1)), y = (z[j] - (along * axis[j])) / deviation;
                log -= 0.5 * y * y;
                gradient[j] = -y / deviation;
            }

            along = 2 * Dot(axis, gradient) / squared;
            for (int j = 0; j < d; j++)
            {
                gradient[j] -= along * axis[j];
            }

            return log;
        });
    }

    // Coefficients N(0, 1), inputs N(0, 1), answers drawn at coefficients of their prior.
    private static GradientFunctionTarget Logistic(int rows, int d)
    {
        var rng = new Rng(3);
        double[] inputs = new double[rows * d], truth = new double[d], signs = new double[rows];
        rng.Split("inputs").FillNormal(inputs);
        rng.Split("truth").FillNormal(truth);
        Rng answers = rng.Split("answers");
        for (int i = 0; i < rows; i++)
        {
            signs[i] = answers.NextDouble() < 1 / (1 + Math.Exp(-Dot(inputs.AsSpan(i * d, d), truth))) ? 1 : -1;
        }

        return new GradientFunctionTarget(d, (z, gradient) =>
        {
            double log = Normal(z, gradient);
            for (int i = 0; i < rows; i++)
            {
                ReadOnlySpan<double> input = inputs.AsSpan(i * d, d);
                double odds = Math.Exp(-signs[i] * Dot(input, z)), slope = signs[i] * odds / (1 + odds);
                log -= Math.Log(1 + odds);
                for (int j = 0; j < d; j++)
                {
                    gradient[j] += slope * input[j];
                }
            }

            return log;
        });
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            sum += a[j] * b[j];
        }

        return sum;
    }
}

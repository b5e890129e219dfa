using Quincunx.Inference;

namespace Quincunx.Tests.Inference.Posteriors;

/// <summary>A likelihood in closed form.</summary>
internal sealed class KnownLikelihood(int dimension, int features, KnownLikelihood.Function function) : ILikelihoodEstimator
{
    /// <param name="gradient">To be overwritten, or empty where nobody asks for it.</param>
    public delegate double Function(ReadOnlySpan<double> theta, ReadOnlySpan<double> x, Span<double> gradient);

    public int Dimension => dimension;

    public int Features => features;

    public bool IsNormalised => true;

    /// <summary>x ~ N(theta, sd²) in each of <paramref name="dimension"/> coordinates.</summary>
    public static KnownLikelihood Gaussian(int dimension, double sd) => new(dimension, dimension, (theta, x, gradient) =>
    {
        double log = -dimension * Math.Log(sd * Math.Sqrt(Math.Tau));
        for (int j = 0; j < theta.Length; j++)
        {
            double z = (x[j] - theta[j]) / sd;
            log -= 0.5 * z * z;
            if (!gradient.IsEmpty)
            {
                gradient[j] = z / sd;
            }
        }

        return log;
    });

    public void LogLikelihood(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logs)
    {
        for (int i = 0; i < logs.Length; i++)
        {
            logs[i] = function(thetas.Slice(i * dimension, dimension), x, []);
        }
    }

    public void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs)
    {
        for (int i = 0; i < logs.Length; i++)
        {
            logs[i] = function(thetas.Slice(i * dimension, dimension), xs.Slice(i * features, features), []);
        }
    }

    public void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs, Span<double> gradients)
    {
        for (int i = 0; i < logs.Length; i++)
        {
            logs[i] = function(thetas.Slice(i * dimension, dimension), xs.Slice(i * features, features), gradients.Slice(i * dimension, dimension));
        }
    }
}

namespace Quincunx.Tests.Inference.BayesianNetworks;

/// <summary>What a linear network of one output and one parameter predicts, with weights integrated out in closed form and the scales by quadrature.</summary>
/// <remarks>Given the scale λ of the slope and the log-precision a, z = b + λ L x + e^-a ε is a linear regression with normal priors. log λ is standard normal; a is normal about 0.5 with variance 1 + (0.3 e^s)² for a standard normal s.</remarks>
internal sealed class LinearNetworkQuadrature
{
    private const int Cells = 160;
    private const double Edge = 6;
    private readonly List<(double Weight, double Precision, double[] Mean, double[] Covariance)> _models = [];

    public LinearNetworkQuadrature(double[] x, double[] z)
    {
        double step = 2 * Edge / Cells;
        List<(double Log, double Precision, double[] Mean, double[] Covariance)> found = [];
        for (int i = 0; i < Cells; i++)
        {
            double logScale = -Edge + (step * (i + 0.5));
            for (int j = 0; j < Cells; j++)
            {
                double a = 0.5 + (1.5 * (-Edge + (step * (j + 0.5)))), precision = Math.Exp(2 * a);
                (double evidence, double[] mean, double[] covariance) = Regress(x, z, Math.Exp(2 * logScale), precision);
                found.Add((evidence - (0.5 * logScale * logScale) + Math.Log(Prior(a)), precision, mean, covariance));
            }
        }

        double largest = found.Max(f => f.Log), sum = found.Sum(f => Math.Exp(f.Log - largest));
        _models.AddRange(found.Select(f => (Math.Exp(f.Log - largest) / sum, f.Precision, f.Mean, f.Covariance)));
    }

    /// <summary>Density of z at x.</summary>
    public double Density(double x, double z) => _models.Sum(m =>
    {
        double variance = (1 / m.Precision) + m.Covariance[0] + (2 * x * m.Covariance[1]) + (x * x * m.Covariance[2]), apart = z - m.Mean[0] - (x * m.Mean[1]);
        return m.Weight * Math.Exp(-0.5 * apart * apart / variance) / Math.Sqrt(2 * Math.PI * variance);
    });

    private static double Prior(double a)
    {
        double sum = 0;
        for (int i = 0; i < 100; i++)
        {
            double s = -5 + (0.1 * (i + 0.5)), variance = 1 + (0.09 * Math.Exp(2 * s)), apart = a - 0.5;
            sum += Math.Exp((-0.5 * s * s) - (0.5 * apart * apart / variance)) / Math.Sqrt(variance);
        }

        return sum;
    }

    // Normal priors of variance 1 and v for bias and slope: log evidence up to a constant, and the posterior's mean and covariance (00, 01, 11).
    private static (double LogEvidence, double[] Mean, double[] Covariance) Regress(double[] x, double[] z, double v, double precision)
    {
        double n = x.Length, sx = x.Sum(), sxx = x.Sum(u => u * u), sz = z.Sum(), szx = x.Zip(z, (u, w) => u * w).Sum(), szz = z.Sum(w => w * w);
        double a = 1 + (precision * n), b = precision * sx, c = (1 / v) + (precision * sxx), determinant = (a * c) - (b * b);
        double[] covariance = [c / determinant, -b / determinant, a / determinant];
        double[] mean = [precision * ((covariance[0] * sz) + (covariance[1] * szx)), precision * ((covariance[1] * sz) + (covariance[2] * szx))];
        double log = 0.5 * ((n * Math.Log(precision)) - Math.Log(v) - Math.Log(determinant) - (precision * (szz - (mean[0] * sz) - (mean[1] * szx))));
        return (log, mean, covariance);
    }
}

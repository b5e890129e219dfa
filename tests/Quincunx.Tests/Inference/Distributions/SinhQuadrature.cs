using Quincunx.Inference.Distributions;

namespace Quincunx.Tests.Inference.Distributions;

/// <summary>Integrals of density times function over a support, by the trapezoid rule after z = centre + scale · sinh(s).</summary>
/// <remarks>
/// The sum converges exponentially in 1 / step for integrands that are analytic and decay in s, as all of these do on the unconstrained side
/// (Trefethen and Weideman 2014, SIAM Rev. 56, 385). Centre and scale are quartiles of draws, so the rule knows nothing of the formulae.
/// </remarks>
internal static class SinhQuadrature
{
    public static double Integrate(ScalarDistribution law, double centre, double scale, Func<double, double> function)
    {
        const double Step = 0.02, Reach = 80;
        var map = new SupportBijection(law);
        double sum = 0;
        double[] z = new double[1], theta = new double[1];
        for (int i = (int)(-Reach / Step); i <= (int)(Reach / Step); i++)
        {
            double s = i * Step;
            z[0] = centre + scale * Math.Sinh(s);
            map.ToConstrained(z, theta);
            // Points that rounding moved from an edge stand for none in particular.
            if (theta[0] > Math.BitIncrement(law.Support.Lower) && theta[0] < Math.BitDecrement(law.Support.Upper))
            {
                double weight = Math.Exp(law.LogProb(theta[0]) + map.LogAbsDetToConstrained(z)) * scale * Math.Cosh(s) * Step;
                sum += weight == 0 ? 0 : weight * function(theta[0]);   // the function may be infinite out there
            }
        }

        return sum;
    }

    public static double IntegratePlane(IDistribution law, double[] centre, double[] scale)
    {
        const double Step = 0.05, Reach = 4.5;
        var map = new SupportBijection(law);
        double sum = 0;
        double[] z = new double[2], theta = new double[2];
        for (double s = -Reach; s <= Reach; s += Step)
        {
            for (double t = -Reach; t <= Reach; t += Step)
            {
                (z[0], z[1]) = (centre[0] + scale[0] * Math.Sinh(s), centre[1] + scale[1] * Math.Sinh(t));
                map.ToConstrained(z, theta);
                double log = law.LogProb(theta) + map.LogAbsDetToConstrained(z);
                sum += Math.Exp(log) * scale[0] * Math.Cosh(s) * scale[1] * Math.Cosh(t) * Step * Step;
            }
        }

        return sum;
    }
}

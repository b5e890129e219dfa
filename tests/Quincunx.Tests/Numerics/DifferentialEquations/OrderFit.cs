namespace Quincunx.Tests.Numerics.DifferentialEquations;

/// <summary>The power of the step that an error goes with.</summary>
internal static class OrderFit
{
    /// <summary>Slope of log error against log step, by least squares over steps of <paramref name="span"/> over each count.</summary>
    public static double Of(Func<double, double> error, double span, params int[] counts)
    {
        double[] x = [.. counts.Select(n => Math.Log(span / n))], y = [.. counts.Select(n => Math.Log(error(span / n)))];
        double meanX = x.Average(), meanY = y.Average();
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }
}

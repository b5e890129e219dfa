namespace Quincunx.Inference.Npe;

/// <content>How volumes change, for densities of the features themselves.</content>
public sealed partial class FeatureScaling
{
    /// <summary>log |d scaled / d x| of one row; negative infinity where a feature with a logarithm is zero or negative, which has no place in its density.</summary>
    /// <param name="x">Finite, shape <c>[features]</c>.</param>
    internal double LogAbsDet(ReadOnlySpan<double> x)
    {
        ReadOnlySpan<double> log = _log.Value.AsSpan<double>(), centre = _centre.Value.AsSpan<double>(), scale = _scale.Value.AsSpan<double>();
        double sum = 0;
        for (int j = 0; j < x.Length; j++)
        {
            if (log[j] != 0 && !(x[j] > 0))
            {
                return double.NegativeInfinity;
            }

            // With a = (v - centre) / scale / 10: d (10 asinh a) / dv = 1 / (scale √(1 + a²)), and dv / dx = 1 / x for a logarithm.
            double value = log[j] == 0 ? x[j] : Math.Log(x[j]), a = (value - centre[j]) / scale[j] / SoftTail;
            double root = Math.Abs(a) > Far ? Math.Log(Math.Abs(a)) : 0.5 * Math.Log(1 + (a * a));
            sum -= Math.Log(scale[j]) + root + (log[j] == 0 ? 0 : value);
        }

        return sum;
    }
}

using System.Text.Json.Serialization;
using Quincunx.Inference.Diagnostics;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>A parameter under the reported posterior.</summary>
/// <param name="Q025">Quantile at 0.025, and so on.</param>
/// <param name="Ess">Kish's effective sample size of the weights.</param>
/// <param name="Raw">The same under the network's own posterior; null where that is the reported one.</param>
/// <param name="Networks">Where the networks of an ensemble do not agree; null where this is no ensemble's posterior.</param>
public sealed record ParameterMetrics(
    string Name, double Mean, double Sd, double Q025, double Q16, double Q50, double Q84, double Q975, double Ess, ParameterMetrics? Raw,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SpreadMetrics? Networks = null)
{
    /// <param name="theta">Shape <c>[n, d]</c>.</param>
    internal static ParameterMetrics Of(string name, int index, int dimension, double[] theta, ReadOnlySpan<double> weights, ParameterMetrics? raw, SpreadMetrics? networks = null)
    {
        double[] column = new double[theta.Length / dimension];
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = theta[(i * dimension) + index];
        }

        var s = WeightedSummary.Of(column, weights);
        return new ParameterMetrics(
            name, s.Mean, s.StandardDeviation, s.Quantile(0.025), s.Quantile(0.16), s.Quantile(0.5), s.Quantile(0.84), s.Quantile(0.975), s.EffectiveSampleSize, raw, networks);
    }
}

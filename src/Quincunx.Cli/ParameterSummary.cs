using System.Text.Json.Serialization;

namespace Quincunx.Cli;

/// <summary>A parameter's row in <c>metrics.json</c>; NaN for what is not in it.</summary>
/// <param name="Q025">The 2.5 % quantile.</param>
/// <param name="Q975">The 97.5 % quantile.</param>
/// <param name="Networks">Where the networks of an ensemble do not agree; null for one network.</param>
internal sealed record ParameterSummary(
    string Name, double Mean, double Sd, double Q025, double Q975, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] NetworkSpread? Networks = null);

/// <summary>Standard deviations between the networks of an ensemble, of their means and of their quantiles.</summary>
internal sealed record NetworkSpread(double Mean, double Q025, double Q975);

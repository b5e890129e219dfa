namespace Quincunx.Runs.Pipeline;

/// <summary>Contents of <c>marginals.json</c>: what a network of single parameters says at the observation.</summary>
/// <param name="Levels">Of the quantiles.</param>
/// <param name="StopReason">Of its training.</param>
internal sealed record MarginalFacts(int Format, IReadOnlyList<double> Levels, IReadOnlyList<MarginalParameterFacts> Parameters, int Simulations, string StopReason);

/// <param name="Quantiles">At the levels of <see cref="MarginalFacts"/>.</param>
internal sealed record MarginalParameterFacts(string Name, double Mean, double Sd, IReadOnlyList<double> Quantiles);

using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Explaining;

namespace Quincunx.Tests.Inference.Mechanisms.Explaining;

/// <summary>A mechanism, what was seen of it, and exact expectations under the posterior of its choices.</summary>
internal sealed record ExplainedCase(
    IMechanism Mechanism, double[] Theta, Observation Observation, double LogEvidence, IReadOnlyList<(string Name, Func<TraceRecord, double> Of, double Exact)> Quantities)
{
    public Explainer Explainer => new(Mechanism, Theta, Observation);

    /// <summary>Every quantity within k standard errors; with k = 4.5, one in 150,000 fails by chance.</summary>
    public void Check(ExplainedTraces traces, double k = 4.5)
    {
        foreach ((string name, Func<TraceRecord, double> of, double exact) in Quantities)
        {
            TraceMean mean = traces.Expectation(of);
            Assert.True(mean.Error > 0, $"{name} has the error {mean.Error}.");
            Assert.True(Math.Abs(mean.Value - exact) <= k * mean.Error, $"{name}: {mean.Value} +- {mean.Error}, exact {exact}.");
        }
    }
}

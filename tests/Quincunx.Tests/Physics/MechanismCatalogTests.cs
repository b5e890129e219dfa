using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Numerics.Random;
using Quincunx.Physics;

namespace Quincunx.Tests.Physics;

/// <summary>What holds of every built-in simulator that is a mechanism.</summary>
public sealed class MechanismCatalogTests
{
    private const int Events = 10;

    public static TheoryData<string> Names => [.. SimulatorCatalog.All.Where(entry => entry.Create() is IMechanism).Select(entry => entry.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Record_OfAnEvent_IsTheEventThatSimulateMakes(string name)
    {
        IMechanism mechanism = Create(name);
        for (int i = 0; i < Events; i++)
        {
            TraceRecord record = Record(mechanism, name, i);
            double[] x = new double[mechanism.OutputNames.Count];
            mechanism.Simulate(record.Theta, x, new Rng(2).Split(i));
            Assert.Equal(x, record.X);
            foreach (TraceEntry entry in record.Entries.Where(e => e.Site.Name == Site.OutputName))
            {
                Assert.Equal(x[entry.Site.Index], entry.Value);
            }
        }
    }

    // Central differences of fourth order, in which an error of 1e-10 of a solver in the mechanism is still small.
    [Theory, MemberData(nameof(Names))]
    public void Mine_Score_MatchesCentralDifferencesOfTheRecordedDensity(string name)
    {
        IMechanism mechanism = Create(name);
        for (int i = 0; i < Events; i++)
        {
            TraceRecord record = Record(mechanism, name, i);
            Dictionary<Site, double> choices = Choices(record);
            double[] theta = record.Theta, score = new double[theta.Length];
            new Miner(mechanism).Mine(theta, [], new double[record.X.Length], [], score, new Rng(2).Split(i));
            Assert.Equal(record.LogProb, At(0, 0), 1e-12 * (1 + Math.Abs(record.LogProb)));
            for (int j = 0; j < theta.Length; j++)
            {
                double step = 1e-4 * Math.Abs(theta[j]);
                double difference = ((8 * (At(j, step) - At(j, -step))) - (At(j, 2 * step) - At(j, -2 * step))) / (12 * step);
                Assert.Equal(difference, score[j], 1e-5 * (1 + Math.Abs(difference)));
            }

            double At(int j, double step) => LogProb(mechanism, [.. theta.Select((t, k) => k == j ? t + step : t)], choices);
        }
    }

    // Hypotheses so near that they take the same branches are evaluated side by side, those from the prior one by one.
    [Theory, MemberData(nameof(Names))]
    public void Mine_LogRatios_AreThoseOfRecordedDensities(string name)
    {
        IMechanism mechanism = Create(name);
        var miner = new Miner(mechanism);
        int p = mechanism.ParameterNames.Count;
        double[] hypotheses = new double[3 * p], logRatios = new double[3];
        for (int i = 0; i < Events; i++)
        {
            TraceRecord record = Record(mechanism, name, i);
            for (int j = 0; j < p; j++)
            {
                (hypotheses[j], hypotheses[p + j]) = (1.001 * record.Theta[j], 0.9995 * record.Theta[j]);
            }

            SimulatorCases.Of(name).Prior(hypotheses.AsSpan(2 * p), new Rng(3).Split(i));
            miner.Mine(record.Theta, hypotheses, new double[record.X.Length], logRatios, [], new Rng(2).Split(i));
            for (int k = 0; k < 3; k++)
            {
                double expected = LogProb(mechanism, hypotheses.AsSpan(k * p, p), Choices(record)) - record.LogProb;
                Assert.Equal(expected, logRatios[k], 1e-7 * (1 + Math.Abs(record.LogProb) + Math.Abs(expected)));
            }
        }
    }

    // The means allow six standard errors.
    [Theory, MemberData(nameof(Names)), Trait("Category", "Slow")]
    public void MinedCheck_FindsNothing(string name)
    {
        IMechanism mechanism = Create(name);
        MinedCheckResult result = MinedCheck.Run(new Miner(mechanism), [.. Record(mechanism, name, 0).Theta, .. Record(mechanism, name, 1).Theta], 200, new Rng(5));
        Assert.Null(result.NotMinable);
        Assert.Empty(result.Problems);
        Assert.True(result.Compared > 0);
    }

    private static IMechanism Create(string name) => (IMechanism)SimulatorCatalog.Create(name);

    private static TraceRecord Record(IMechanism mechanism, string name, int index)
    {
        double[] theta = new double[mechanism.ParameterNames.Count];
        SimulatorCases.Of(name).Prior(theta, new Rng(1).Split(index));
        return RecordingTrace.Run(mechanism, theta, new Rng(2).Split(index));
    }

    private static Dictionary<Site, double> Choices(TraceRecord record) =>
        record.Entries.Where(e => e.Kind != TraceEntryKind.Computed).ToDictionary(e => e.Site, e => e.Value);

    private static double LogProb(IMechanism mechanism, ReadOnlySpan<double> theta, Dictionary<Site, double> choices)
    {
        var trace = new AssumingTrace(choices);
        mechanism.Run(theta, new double[mechanism.OutputNames.Count], ref trace);
        return trace.LogProb;
    }
}

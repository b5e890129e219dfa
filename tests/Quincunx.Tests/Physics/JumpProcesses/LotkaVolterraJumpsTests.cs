using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.JumpProcesses;

namespace Quincunx.Tests.Physics.JumpProcesses;

public sealed class LotkaVolterraJumpsTests
{
    private const double Never = -60;       // logarithm of a rate
    private static readonly double[] Theta = [Math.Log(0.01), Math.Log(0.5), 0, Math.Log(0.01)];

    // The likelihood of a fully observed jump process: the rates of what happened, and e^(-∫ total rate) over all of the time. Counts follow the recorded events.
    [Fact]
    public void Run_ARecordedPath_HasTheDensityOfTheJumpProcess()
    {
        TraceRecord record = RecordingTrace.Run(new LotkaVolterraJumps(points: 3, interval: 1), Theta, new Rng(1));
        (double predators, double prey, double time, double logProb) = (50, 100, 0, 0);
        for (int n = 0; ; n++)
        {
            double[] rates = [0.01 * predators * prey, 0.5 * predators, prey, 0.01 * predators * prey];
            double wait = record[new Site("wait", n)];
            Assert.InRange(wait, 0, 3 - time);
            logProb -= rates.Sum() * wait;
            for (int day = 1; day <= 3; day++)
            {
                if (day > time && (day < time + wait || time + wait >= 3))
                {
                    Assert.Equal(predators, record.X[day - 1]);
                    Assert.Equal(prey, record.X[day + 2]);
                }
            }

            time += wait;
            if (!record.TryGet(new Site("reaction", n), out TraceEntry reaction))
            {
                break;
            }

            logProb += Math.Log(rates[(int)reaction.Value]);
            (predators, prey) = reaction.Value switch { 0 => (predators + 1, prey), 1 => (predators - 1, prey), 2 => (predators, prey + 1), _ => (predators, prey - 1) };
        }

        Assert.Equal(3, time, 1e-12);
        Assert.Equal(logProb, record.LogProb, 1e-10 * Math.Abs(logProb));
    }

    // Predators that only die: Binomial(50, e^(-t/2)). Prey that only multiplies (Yule's process): mean 100 e^t, variance 100 e^t (e^t - 1).
    [Fact]
    public void Simulate_OneReactionAlone_HasItsMoments()
    {
        const int Events = 10_000;
        var model = new LotkaVolterraJumps(points: 1, interval: 1.5);
        double[] x = new double[2], dead = new double[Events], born = new double[Events];
        for (int i = 0; i < Events; i++)
        {
            ((ISimulator)model).Simulate([Never, Math.Log(0.5), Never, Never], x, new Rng(2).Split(i));
            dead[i] = x[0];
            Assert.Equal(100, x[1]);
            ((ISimulator)model).Simulate([Never, Never, Math.Log(0.5), Never], x, new Rng(3).Split(i));
            born[i] = x[1];
            Assert.Equal(50, x[0]);
        }

        double left = Math.Exp(-0.75), growth = Math.Exp(0.75);
        HasMoments(dead, 50 * left, 50 * left * (1 - left));
        HasMoments(born, 100 * growth, 100 * growth * (growth - 1));
    }

    [Fact]
    public void Simulate_Kills_TakePreyAlone()
    {
        // Prey among 50 immortal predators: each is eaten at 50 × 0.01 a unit of time.
        const int Events = 5_000;
        var model = new LotkaVolterraJumps(points: 1, interval: 1);
        double[] x = new double[2], prey = new double[Events];
        for (int i = 0; i < Events; i++)
        {
            ((ISimulator)model).Simulate([Never, Never, Never, Math.Log(0.01)], x, new Rng(4).Split(i));
            prey[i] = x[1];
        }

        double left = Math.Exp(-0.5);
        HasMoments(prey, 100 * left, 100 * left * (1 - left));
    }

    // The same stream makes the same path; the summaries by definition.
    [Fact]
    public void Summaries_OfAPath_AreThoseOfItsCounts()
    {
        double[] counts = RecordingTrace.Run(new LotkaVolterraJumps(points: 150, interval: 0.2), Theta, new Rng(5)).X;
        double[] x = RecordingTrace.Run(new LotkaVolterraSummaries(), Theta, new Rng(5)).X;
        double[] predators = [50, .. counts[..150]], prey = [100, .. counts[150..]];
        double[] a = [.. predators.Select(v => v - predators.Average())], b = [.. prey.Select(v => v - prey.Average())];
        double[] expected =
        [
            predators.Average(), prey.Average(), Math.Log(1 + (Dot(a, a, 0) / 151)), Math.Log(1 + (Dot(b, b, 0) / 151)),
            Dot(a, a, 1) / Dot(a, a, 0), Dot(a, a, 2) / Dot(a, a, 0), Dot(b, b, 1) / Dot(b, b, 0), Dot(b, b, 2) / Dot(b, b, 0),
            Dot(a, b, 0) / Math.Sqrt(Dot(a, a, 0) * Dot(b, b, 0)),
        ];
        Assert.Equal(expected, x, (u, v) => Math.Abs(u - v) < 1e-10);

        static double Dot(double[] u, double[] v, int lag) => u.Zip(v.Skip(lag), (s, t) => s * t).Sum();
    }

    [Fact]
    public void Simulate_TooManyEvents_IsAFailure()
    {
        double[] x = new double[2], summaries = new double[9];
        ((ISimulator)new LotkaVolterraJumps(points: 1, interval: 30, mostEvents: 1_000)).Simulate([Never, Never, 1, Never], x, new Rng(1));
        Assert.All(x, value => Assert.True(double.IsNaN(value)));
        ((ISimulator)new LotkaVolterraSummaries()).Simulate([Never, Never, 1, Never], summaries, new Rng(1));
        Assert.All(summaries, value => Assert.True(double.IsNaN(value)));

        // Nothing moves: no correlation, and no failure.
        ((ISimulator)new LotkaVolterraSummaries()).Simulate([Never, Never, Never, Never], summaries, new Rng(1));
        Assert.Equal([50, 100, 0, 0, 0, 0, 0, 0, 0], summaries);
    }

    [Fact]
    public void AnyCall_BadInput_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LotkaVolterraJumps(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LotkaVolterraJumps(interval: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LotkaVolterraJumps(predators: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LotkaVolterraJumps(prey: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LotkaVolterraJumps(mostEvents: 0));
        Assert.Throws<ArgumentException>(() => ((ISimulator)new LotkaVolterraJumps(1)).Simulate([0, double.NaN, 0, 0], new double[2], new Rng(1)));
        Assert.Throws<ArgumentException>(() => ((ISimulator)new LotkaVolterraSummaries()).Simulate([0, double.PositiveInfinity, 0, 0], new double[9], new Rng(1)));
    }

    // Mean and variance within 4.5 standard errors.
    private static void HasMoments(double[] values, double mean, double variance)
    {
        double n = values.Length, fourth = values.Average(v => Math.Pow(v - mean, 4));
        Assert.Equal(mean, values.Average(), 4.5 * Math.Sqrt(variance / n));
        Assert.Equal(variance, values.Average(v => (v - mean) * (v - mean)), 4.5 * Math.Sqrt((fourth - (variance * variance)) / n));
    }
}

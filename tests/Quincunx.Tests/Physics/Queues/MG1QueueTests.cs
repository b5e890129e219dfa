using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Queues;

namespace Quincunx.Tests.Physics.Queues;

public sealed class MG1QueueTests
{
    private static readonly double[] Theta = [1, 4, 0.2];

    // By the definition: a customer departs after its service, which begins when it has come and the one before has left.
    [Fact]
    public void Run_Gaps_AreThoseOfTheRecordedCustomers()
    {
        TraceRecord record = RecordingTrace.Run(new MG1Queue(QueueOutputs.Gaps), Theta, new Rng(1));
        double arrival = 0, departure = 0;
        for (int i = 0; i < 50; i++)
        {
            arrival += record[new Site("arrival", i)];
            double begun = Math.Max(arrival, departure), left = begun + record[new Site("service", i)];
            Assert.Equal(begun - arrival, record[new Site("wait", i)], 1e-12);
            Assert.Equal(left - departure, record.X[i], 1e-12);
            departure = left;
        }
    }

    [Fact]
    public void Run_Quartiles_AreThoseOfTheGaps()
    {
        double[] gaps = RecordingTrace.Run(new MG1Queue(QueueOutputs.Gaps, customers: 11), Theta, new Rng(1)).X;
        double[] x = RecordingTrace.Run(new MG1Queue(QueueOutputs.Quartiles, customers: 11), Theta, new Rng(1)).X;
        Array.Sort(gaps);
        Assert.Equal([gaps[0], 0.5 * (gaps[2] + gaps[3]), gaps[5], 0.5 * (gaps[7] + gaps[8]), gaps[10]], x, (a, b) => Math.Abs(a - b) < 1e-12);
        double[] many = RecordingTrace.Run(new MG1Queue(customers: 301), Theta, new Rng(1)).X, all = RecordingTrace.Run(new MG1Queue(QueueOutputs.Gaps, 301), Theta, new Rng(1)).X;
        Assert.Equal(all.Order().ElementAt(75), many[1]);
    }

    // First gap: 1/λ + E S. Second: E S + P(the server is idle then) / λ, with P = E e^(-λS) = (e^(-λ θ₁) - e^(-λ θ₂)) / λ (θ₂ - θ₁).
    [Fact]
    public void Simulate_FirstGaps_HaveTheirMeans()
    {
        const int Events = 50_000;
        var queue = new MG1Queue(QueueOutputs.Gaps, customers: 2);
        double[] x = new double[2];
        double first = 0, second = 0;
        for (int i = 0; i < Events; i++)
        {
            ((ISimulator)queue).Simulate(Theta, x, new Rng(2).Split(i));
            (first, second) = (first + x[0], second + x[1]);
        }

        double idle = (Math.Exp(-0.2) - Math.Exp(-1)) / 0.8, error = 4 / Math.Sqrt(Events);
        Assert.Equal(5 + 3, first / Events, error * Math.Sqrt(25 + (16.0 / 12)));
        Assert.Equal(3 + (5 * idle), second / Events, error * Math.Sqrt((50 * idle) - (25 * idle * idle) + (16.0 / 12)));
    }

    // Pollaczek and Khinchine: in the long run customers wait λ E S² / 2 (1 - λ E S). Blocks of 1,000 customers are nearly independent.
    [Fact]
    public void Run_ManyCustomers_WaitAsPollaczekAndKhinchineSay()
    {
        const int Customers = 500_000, Block = 1_000;
        var waits = new WaitingTimes(new Rng(3));
        var queue = new MG1Queue(customers: Customers);
        queue.Run<double, WaitingTimes>(Theta, new double[5], ref waits);
        double[] blocks = [.. waits.Values.Chunk(Block).Select(b => b.Average())];
        double mean = blocks.Average(), error = Math.Sqrt(blocks.Average(b => (b - mean) * (b - mean)) / blocks.Length);
        double squares = (125.0 - 1) / (3 * 4);
        Assert.Equal(0.2 * squares / (2 * (1 - 0.6)), mean, 4 * error);
        Assert.InRange(error, 0, 0.06);
    }

    // The ends of the services jump (see the page); the arrivals' rate is scored as always.
    [Fact]
    public void Mine_AnEvent_ScoresTheArrivals()
    {
        var queue = new MG1Queue(customers: 20);
        TraceRecord record = RecordingTrace.Run(queue, Theta, new Rng(5));
        double arrivals = Enumerable.Range(0, 20).Sum(i => record[new Site("arrival", i)]);
        double[] score = new double[3], logRatios = new double[2];
        new Miner(queue).Mine(Theta, [0.5, 5, 0.2, 4.9, 1, 0.2], new double[5], logRatios, score, new Rng(5));
        Assert.Equal(0, score[0], 1e-13);
        Assert.Equal(-20 / 4.0, score[1], 1e-12);
        Assert.Equal((20 / 0.2) - arrivals, score[2], 1e-10);
        Assert.Equal(20 * Math.Log(4.0 / 5), logRatios[0], 1e-12);
        Assert.Equal(double.NegativeInfinity, logRatios[1]);
    }

    [Fact]
    public void AnyCall_BadInput_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MG1Queue(customers: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MG1Queue((QueueOutputs)7));
        foreach (double[] bad in (double[][])[[-1, 1, 1], [1, 0, 1], [1, 1, 0], [double.NaN, 1, 1]])
        {
            Assert.Throws<ArgumentException>(() => ((ISimulator)new MG1Queue()).Simulate(bad, new double[5], new Rng(1)));
        }
    }

    /// <summary>Samples, and keeps the time that each customer waits.</summary>
    private readonly struct WaitingTimes(Rng rng) : ITrace<double>
    {
        public List<double> Values { get; } = [];

        public double Draw<TLaw>(Site site, TLaw law)
            where TLaw : struct, ILaw<double>, allows ref struct => law.Sample(rng);

        public double Let(Site site, double value)
        {
            Values.Add(value);
            return value;
        }
    }
}

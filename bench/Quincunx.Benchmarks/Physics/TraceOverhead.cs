using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;

namespace Quincunx.Benchmarks.Physics;

/// <summary>The generalized Galton board as a mechanism against the same code with bare draws, on one core in one run.</summary>
internal static class TraceOverhead
{
    private const int Events = 40_000, Blocks = 41;
    private const double Theta = -0.8;

    private static readonly double[] Fair = [.. Enumerable.Range(0, 20).Select(row => 0.5 * (1 - Math.Sin(Math.PI * row / 19)))];
    private static readonly double[] Tilted = [.. Enumerable.Range(0, 20).Select(row => Math.Sin(Math.PI * row / 19))];
    private static readonly double[] Slope = [.. Enumerable.Range(0, 31).Select(position => 10 * ((position / 15.0) - 1))];

    /// <summary>Writes nails a second and the median ratio of neighbouring blocks.</summary>
    public static void Print(TextWriter output)
    {
        var board = new GeneralizedGaltonBoard();
        ISimulator simulator = board;
        var miner = new Miner(board);
        double[] theta = [Theta], x = new double[1], score = new double[1], ratio = new double[1], bare = new double[Blocks], traced = new double[Blocks], mined = new double[Blocks];
        var (first, second, third) = (new Rng(1), new Rng(1), new Rng(1));
        for (int warm = 0; warm < 20; warm++)
        {
            Bare(first);
            Traced(second);
            Mined(third, 500);
        }

        for (int block = 0; block < Blocks; block++)
        {
            bare[block] = Time(() => Bare(first));
            traced[block] = Time(() => Traced(second));
            mined[block] = Time(() => Mined(third, Events / 10)) * 10;
        }

        double nails = Events * 20.0;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bare draws      {nails / Median(bare) / 1e6:F1} M nails/s"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mechanism       {nails / Median(traced) / 1e6:F1} M nails/s, {Median([.. traced.Zip(bare, (t, b) => t / b)]):F3} of the time"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mined           {nails / Median(mined) / 1e6:F1} M nails/s with score and a ratio, {Median([.. mined.Zip(bare, (t, b) => t / b)]):F1} of the time"));

        void Traced(Rng rng)
        {
            for (int i = 0; i < Events; i++)
            {
                simulator.Simulate(theta, x, rng);
            }
        }

        void Bare(Rng rng)
        {
            for (int i = 0; i < Events; i++)
            {
                Drop(theta, x, rng);
            }
        }

        void Mined(Rng rng, int events)
        {
            for (int i = 0; i < events; i++)
            {
                miner.Mine(theta, [-0.6], x, ratio, score, rng);
            }
        }
    }

    private static double Time(Action work)
    {
        long began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    // What one would write without a trace.
    private static void Drop(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        if (theta.Length != 1 || x.Length != 1)
        {
            throw new ArgumentException("Expected one parameter and one output.");
        }

        double tilt = theta[0];
        if (!double.IsFinite(tilt))
        {
            throw new ArgumentException("Expected a finite slope.");
        }

        int position = 15;
        for (int row = 0; row < 20; row++)
        {
            double right = Fair[row] + (Tilted[row] / (1 + Math.Exp(Math.Clamp(tilt * Slope[position], -300, 300))));
            position += (rng.NextBernoulli(right) ? 1 : 0) - (row & 1);
        }

        x[0] = position;
    }
}

using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics;

namespace Quincunx.Benchmarks.Physics;

/// <summary>What an event of each built-in simulator costs on one core, at typical parameters.</summary>
internal static class SimulatorCosts
{
    private static readonly Dictionary<string, double[]> Typical = new(StringComparer.Ordinal)
    {
        ["bernoulli-glm"] = [-0.5, 0.5, 0.4, 0.3, 0.2, 0.1, 0, 0, 0, 0],
        ["bernoulli-glm-raw"] = [-0.5, 0.5, 0.4, 0.3, 0.2, 0.1, 0, 0, 0, 0],
        ["damped-oscillator"] = [6, 0.3, 2],
        ["emission-spectrum"] = [1200, 0, 0, 0, 0, 0.5],
        ["g-and-k"] = [3, 1, 2, 0.5],
        ["galton"] = [-0.8],
        ["galton-uniform"] = [0.5],
        ["gaussian-linear"] = new double[10],
        ["gaussian-mixture"] = [3, -2],
        ["lotka-volterra"] = [0.88, 0.05, 0.88, 0.05],
        ["lotka-volterra-jumps"] = [Math.Log(0.01), Math.Log(0.5), 0, Math.Log(0.01)],
        ["lotka-volterra-summaries"] = [Math.Log(0.01), Math.Log(0.5), 0, Math.Log(0.01)],
        ["lynx-hare"] = [0.547, 0.0278, 0.799, 0.0241, 0.248, 0.252, 34.05, 5.95],
        ["mg1"] = [1, 4, 0.2],
        ["mg1-gaps"] = [1, 4, 0.2],
        ["muon-scan"] = [-0.04, -0.5],
        ["ornstein-uhlenbeck"] = [0, 1, 1],
        ["projected-mixture"] = [1, -1],
        ["ricker"] = [3.8, 0.3, 10],
        ["sir"] = [0.4, 0.125],
        ["sir-jumps"] = [0.4, 0.15],
        ["slcp"] = [0.7, -2.9, -1, -0.9, 0.6],
        ["slcp-distractors"] = [0.7, -2.9, -1, -0.9, 0.6],
        ["spatial-sir"] = [0.3, 0.3],
        ["two-moons"] = [0.3, -0.5],
        ["weinberg"] = [0.23],
        ["weinberg-angles"] = [0.23, 57],
    };

    /// <summary>Writes a line for each: the fastest of several blocks of at least 50 ms.</summary>
    public static void Print(TextWriter output)
    {
        foreach (SimulatorEntry entry in SimulatorCatalog.All)
        {
            if (Typical.TryGetValue(entry.Name, out double[]? theta))
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{entry.Name,-28} {1e6 * Seconds(entry.Create(), theta):G3} us"));
            }
        }
    }

    private static double Seconds(ISimulator simulator, double[] theta)
    {
        double[] x = new double[simulator.OutputNames.Count];
        var rng = new Rng(1);
        double best = double.PositiveInfinity;
        int events = 1;
        for (int block = 0; block < 15;)
        {
            long began = Stopwatch.GetTimestamp();
            for (int i = 0; i < events; i++)
            {
                simulator.Simulate(theta, x, rng);
            }

            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (seconds < 0.05)
            {
                events *= 2;
                continue;
            }

            best = Math.Min(best, seconds / events);
            block++;
        }

        return best;
    }
}

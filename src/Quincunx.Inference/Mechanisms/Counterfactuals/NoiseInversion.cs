using MathNet.Numerics.LinearAlgebra;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Counterfactuals;

/// <summary>Solves outputs(noise) = x for the noise.</summary>
internal sealed class NoiseInversion(IMechanism mechanism, double[] theta, double[] x)
{
    private const int MostSteps = 100, MostHalvings = 30;

    private Site[] _sites = [];

    public Abduction Solve()
    {
        TraceRecord start = Imaginer.Run(mechanism, theta, new Dictionary<Site, double>(), new Rng(0));
        TraceEntry[] choices = [.. start.Entries.Where(e => e.Kind != TraceEntryKind.Computed)];
        if (choices.FirstOrDefault(e => e.Kind == TraceEntryKind.Discrete) is { Site.Name: not null } discrete)
        {
            return No($"the choice {discrete.Site} is discrete: many noises give the same value");
        }

        if (choices.Length != x.Length)
        {
            return No($"{choices.Length} choices are made for {x.Length} outputs");
        }

        _sites = [.. choices.Select(c => c.Site)];
        double[] noise = new double[_sites.Length];
        if (Run(noise) is not { } current)
        {
            return No("its course depends on its noise");
        }

        double distance = Distance(current);
        for (int step = 0; distance > 0; step++)
        {
            if (step == MostSteps)
            {
                return No($"Newton's method did not converge in {MostSteps} steps");
            }

            if (Jacobian(noise) is not { } jacobian)
            {
                return No("its course depends on its noise");
            }

            Vector<double> newton = jacobian.Solve(Vector<double>.Build.Dense([.. x.Select((value, i) => value - current.X[i])]));
            if (!newton.All(double.IsFinite))
            {
                return No("outputs do not move in all directions with the noise");
            }

            double scale = 1;
            for (int halving = 0; ; halving++, scale /= 2)
            {
                double[] tried = [.. noise.Select((e, i) => e + (scale * newton[i]))];
                TraceRecord? record = Run(tried);
                double left = record is null ? double.PositiveInfinity : Distance(record);
                if (left < distance)
                {
                    (noise, current, distance) = (tried, record!, left);
                    break;
                }

                // No step makes it better: at the solution to rounding, or at a dead end.
                if (halving == MostHalvings)
                {
                    return distance < 1e-12 ? new Abduction(current, "") : No($"no noise was found that gives these outputs; the nearest differ by {distance:G3} of their size");
                }
            }
        }

        return new Abduction(current, "");

        static Abduction No(string reason) => new(null, $"The mechanism cannot be inverted in its noise: {reason}.");
    }

    private double Distance(TraceRecord record)
    {
        double worst = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double difference = Math.Abs(record.X[i] - x[i]) / (1 + Math.Abs(x[i]));
            worst = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(worst, difference);
        }

        return worst;
    }

    // Null if other choices are made than at the start.
    private TraceRecord? Run(double[] noise)
    {
        TraceRecord record = Imaginer.Run(mechanism, theta, _sites.Zip(noise).ToDictionary(p => p.First, p => p.Second), new Rng(0));
        return record.Entries.Where(e => e.Kind != TraceEntryKind.Computed).Select(e => e.Site).SequenceEqual(_sites) ? record : null;
    }

    private Matrix<double>? Jacobian(double[] noise)
    {
        var jacobian = Matrix<double>.Build.Dense(x.Length, noise.Length);
        for (int j = 0; j < noise.Length; j++)
        {
            double step = 1e-5 * (1 + Math.Abs(noise[j]));
            if (Run(Moved(step)) is not { } up || Run(Moved(-step)) is not { } down)
            {
                return null;
            }

            for (int i = 0; i < x.Length; i++)
            {
                jacobian[i, j] = (up.X[i] - down.X[i]) / (2 * step);
            }

            double[] Moved(double by) => [.. noise.Select((e, k) => k == j ? e + by : e)];
        }

        return jacobian;
    }
}

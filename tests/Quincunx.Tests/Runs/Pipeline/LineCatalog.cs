using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Runs.Execution;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary><c>line</c>: y = start + slope · t + noise at t = 1, 2, 3; cheap, with a likelihood, mined, and able to fail. <c>clean</c>: the same line without its noise. <c>wide</c>: 14 parameters with noise. <c>slow</c>: takes as long as a test wants.</summary>
/// <param name="hold">Holds up the slow one, if there is one.</param>
internal sealed class LineCatalog(Hold? hold = null) : ISimulatorCatalog
{
    /// <summary>Above this start, <c>fails: sometimes</c> fails: half of the prior if it is centred there.</summary>
    public const double FailsAbove = 1;

    public IReadOnlyList<string> Names => ["line", "clean", "wide", "slow"];

    public IReadOnlyList<SimulatorOption> OptionsOf(string name) => name switch
    {
        "wide" => [],
        "slow" => [SimulatorOption.Number("pause", "Milliseconds that an event takes.", 0, 0, 10_000), SimulatorOption.Integer("fails", "Every so many-th value fails; 0: none.", 0, 0, 1000)],
        "clean" => [SimulatorOption.Choice("fails", "When it fails.", "never", "sometimes", "is-random")],
        _ => [SimulatorOption.Choice("fails", "When it fails.", "never", "sometimes", "throws-sometimes", "always", "nan", "likelihood")],
    };

    public ISimulator Create(string name, SimulatorOptions options) => name switch
    {
        "clean" => new Clean(options.Text("fails")),
        "wide" => new Wide(),
        "slow" => new Slow(TimeSpan.FromMilliseconds(options.Number("pause")), options.Integer("fails"), hold),
        _ => new Line(options.Text("fails")),
    };

    private sealed class Slow(TimeSpan pause, long fails, Hold? hold) : ISimulator
    {
        public IReadOnlyList<string> ParameterNames => ["a"];

        public IReadOnlyList<string> OutputNames => ["b"];

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            Thread.Sleep(pause);
            hold?.Wait();
            x[0] = theta[0] + rng.NextNormal();
            if (fails > 0 && (long)(theta[0] * 1000) % fails == 0)
            {
                throw new InvalidOperationException("slow and broken");
            }
        }
    }

    private sealed class Clean(string fails) : ISimulator
    {
        public IReadOnlyList<string> ParameterNames => ["start", "slope"];

        public IReadOnlyList<string> OutputNames => ["y_1", "y_2", "y_3"];

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = theta[0] + (theta[1] * (i + 1)) + (fails == "is-random" ? 0.1 * rng.NextNormal() : 0);
            }

            if (fails == "sometimes" && theta[0] > FailsAbove)
            {
                throw new InvalidOperationException("the line is broken");
            }
        }
    }

    private sealed class Wide : ISimulator
    {
        public IReadOnlyList<string> ParameterNames { get; } = [.. Enumerable.Range(1, 14).Select(i => $"a{i}")];

        public IReadOnlyList<string> OutputNames { get; } = [.. Enumerable.Range(1, 14).Select(i => $"b{i}")];

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = theta[i] + rng.NextNormal();
            }
        }
    }

    private sealed class Line(string fails) : IMinedSimulator, ILikelihood
    {
        private const double Sd = 0.5;

        public IReadOnlyList<string> ParameterNames => ["start", "slope"];

        public IReadOnlyList<string> OutputNames => ["y_1", "y_2", "y_3"];

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            if (fails == "always" || (fails == "throws-sometimes" && theta[0] > FailsAbove))
            {
                throw new InvalidOperationException("the line is broken");
            }

            for (int i = 0; i < x.Length; i++)
            {
                x[i] = theta[0] + (theta[1] * (i + 1)) + (Sd * rng.NextNormal());
            }

            if (fails == "nan" || (fails == "sometimes" && theta[0] > FailsAbove))
            {
                x[1] = double.NaN;
            }
        }

        // Nothing is hidden in a line: joint ratios and scores are those of the outputs.
        public void Mine(ReadOnlySpan<double> theta, ReadOnlySpan<double> hypotheses, Span<double> x, Span<double> logRatios, Span<double> score, Rng rng)
        {
            Simulate(theta, x, rng);
            score.Clear();
            for (int i = 0; i < (score.IsEmpty ? 0 : x.Length); i++)
            {
                double pull = (x[i] - theta[0] - (theta[1] * (i + 1))) / (Sd * Sd);
                score[0] += pull;
                score[1] += pull * (i + 1);
            }

            for (int h = 0; h < logRatios.Length; h++)
            {
                logRatios[h] = LogLikelihood(hypotheses.Slice(2 * h, 2), x) - LogLikelihood(theta, x);
            }
        }

        public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
        {
            if (fails == "likelihood")
            {
                return double.NegativeInfinity;
            }

            double squares = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double residual = (x[i] - theta[0] - (theta[1] * (i + 1))) / Sd;
                squares += residual * residual;
            }

            return (-0.5 * squares) - (x.Length * Math.Log(Sd * Math.Sqrt(Math.Tau)));
        }
    }
}

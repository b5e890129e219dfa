using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Runs.Studies;

/// <summary>Two simulators: <c>decay</c> (rate, start; a likelihood; options) and <c>dice</c> (bias; none of these).</summary>
internal sealed class ToyCatalog : ISimulatorCatalog
{
    public IReadOnlyList<string> Names => ["decay", "dice"];

    public IReadOnlyList<SimulatorOption> OptionsOf(string name) => name == "dice"
        ? []
        :
        [
            SimulatorOption.Integer("steps", "Times that are observed.", 4, 1, 100),
            SimulatorOption.Number("interval", "Time between them.", 0.5, 0, 10),
            SimulatorOption.Boolean("noisy", "Adds noise.", fallback: true),
            SimulatorOption.Choice("scale", "Scale of the outputs.", "linear", "log"),
        ];

    public ISimulator Create(string name, SimulatorOptions options)
    {
        if (name == "dice")
        {
            return new Dice();
        }

        return options.Integer("steps") == 13 ? throw new ArgumentException("13 steps bring bad luck") : new Decay((int)options.Integer("steps"));
    }

    private sealed class Decay(int steps) : ISimulator, ILikelihood
    {
        public IReadOnlyList<string> ParameterNames => ["rate", "start"];

        public IReadOnlyList<string> OutputNames { get; } = [.. Enumerable.Range(1, steps).Select(i => $"x{i}")];

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = theta[1] * Math.Exp(-theta[0] * (i + 1));
            }
        }

        public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x) => (100 * theta[0]) + theta[1] + x[0];
    }

    private sealed class Dice : ISimulator
    {
        public IReadOnlyList<string> ParameterNames => ["bias"];

        public IReadOnlyList<string> OutputNames => ["sixes", "ones"];

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng) => (x[0], x[1]) = (theta[0], rng.NextDouble());
    }
}

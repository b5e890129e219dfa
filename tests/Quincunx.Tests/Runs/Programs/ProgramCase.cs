using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Programs;
using Quincunx.Tests.Cases;
using Quincunx.Tests.Conventions;

namespace Quincunx.Tests.Runs.Programs;

/// <summary>A folder with a program in Python and the client beside it, and the same simulator here: exact in every bit, since it adds and multiplies alone.</summary>
internal sealed class ProgramCase : IDisposable
{
    /// <summary>x = (theta_1 + u, theta_2 v) where u and v are of a linear congruential generator that starts from the seed.</summary>
    public const string Simulate = """
        import os, sys, time
        import quincunx

        def numbers(seed):
            state = seed
            while True:
                state = (6364136223846793005 * state + 1442695040888963407) % 2**64
                yield (state >> 11) / 2**53

        def simulate(theta, seed):
            u = numbers(seed)
            return [theta[0] + next(u), theta[1] * next(u)]

        """;

    /// <summary>A program that speaks JSON without the client: <c>answer(theta, seed)</c> gives the text of a row.</summary>
    public const string Bare = """
        import json, os, sys, time
        sys.stdin.readline()
        print('{"quincunx":1,"outputs":["x_1","x_2"]}', flush=True)
        def respond(answer):
            for line in sys.stdin:
                r = json.loads(line)
                print('{"id":%d,"x":[%s]}' % (r["id"], ",".join(answer(t, s) for t, s in zip(r["theta"], r["seeds"]))), flush=True)

        """;

    public ProgramCase()
    {
        File.Copy(Path.Combine(RepositoryRoot.Path, "clients", "python", "quincunx.py"), Scratch["quincunx.py"]);
    }

    public static IndependentProduct Prior { get; } = new([("theta_1", new Uniform(-1, 1)), ("theta_2", new Uniform(-1, 1))]);

    public ScratchFolder Scratch { get; } = new();

    /// <summary>A program of the client, with these lines before it serves.</summary>
    /// <param name="serve">Further arguments of <c>serve</c>.</param>
    public ProgramOptions Client(string lines = "", string serve = "") =>
        Python(Simulate + lines + $"\nquincunx.serve(simulate, outputs=['x_1', 'x_2']{(serve.Length > 0 ? ", " + serve : "")})\n");

    /// <summary>A program in Python.</summary>
    public ProgramOptions Python(string text)
    {
        Scratch.Write("sim.py", text);
        return new ProgramOptions { Command = [Tool.Python, "sim.py"], Folder = Scratch.Path, File = "study.yaml", Expected = ["theta_1", "theta_2"], Workers = 2 };
    }

    /// <summary>Simulates the first events of seed 7.</summary>
    public static SimulationSet Run(ISimulator simulator, int events, CancellationToken cancel = default) =>
        new SimulationRunner(simulator, new SimulationOptions { KeptFailures = 1000 }).Run(Prior, 0, events, new Rng(7), cancel: cancel);

    /// <summary>The same events, computed here.</summary>
    public static SimulationSet Expected(int events) => Run(new Twin(), events);

    public void Dispose() => Scratch.Dispose();

    /// <summary>The simulator of <see cref="Simulate"/>.</summary>
    public sealed class Twin : ISimulator
    {
        public IReadOnlyList<string> ParameterNames => ["theta_1", "theta_2"];

        public IReadOnlyList<string> OutputNames => ["x_1", "x_2"];

        public static ulong SeedOf(Rng rng) => rng.NextUInt64() >> 11;

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            ulong state = SeedOf(rng);
            x[0] = theta[0] + Next();
            x[1] = theta[1] * Next();

            double Next()
            {
                state = unchecked((6364136223846793005 * state) + 1442695040888963407);
                return (state >> 11) / (double)(1UL << 53);
            }
        }
    }
}

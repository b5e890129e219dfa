using System.Globalization;
using System.Text.Json;
using Quincunx.Cli;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics;
using Quincunx.Physics.Spectra;
using Quincunx.Tests.Physics;

namespace Quincunx.Tests.Cli;

public sealed class CheckCommandTests
{
    public static TheoryData<string> Simulators() => [.. SimulatorCatalog.All.Select(s => s.Name)];

    [Theory, MemberData(nameof(Simulators))]
    public void Check_EveryBuiltInSimulator_Passes(string name)
    {
        ISimulator simulator = SimulatorCatalog.Create(name);
        using var cli = new CliCase();
        // The box around draws from where the simulator is tried elsewhere.
        double[][] draws = [.. Enumerable.Range(0, 50).Select(i => Draw(name, simulator.ParameterNames.Count, i))];
        string prior = string.Concat(simulator.ParameterNames.Select((p, j) => string.Create(
            CultureInfo.InvariantCulture, $"\n  {p}: {{ uniform: {{ lower: {draws.Min(d => d[j]):R}, upper: {draws.Max(d => d[j]):R} }} }}")));
        string values = string.Join(", ", Enumerable.Repeat("0.5", simulator.OutputNames.Count));
        cli.Scratch.Write("s.yaml", $"format: 1\nsimulator: {name}\nprior:{prior}\nobservation: {{ values: [{values}] }}\n");

        Assert.True(cli.Run("check", "s.yaml", "--json") == 0, cli.Output + cli.Error);
        JsonElement check = Assert.Single(cli.Json).GetProperty("check");
        int failed = check.GetProperty("failed").GetInt32();
        Assert.Equal(200, check.GetProperty("simulations").GetInt32());
        Assert.InRange(failed, 0, 200 * (1 - SimulatorCases.Of(name).FiniteShare));
        Assert.True(check.GetProperty("isReproducible").GetBoolean());
        Assert.Equal(simulator is not CleanSpectrum, check.GetProperty("isRandom").GetBoolean());
        Assert.Equal(simulator.OutputNames, check.GetProperty("outputs").EnumerateArray().Select(o => o.GetProperty("name").GetString()));
        JsonElement likelihood = check.GetProperty("likelihood");
        Assert.Equal(simulator is ILikelihood, likelihood.ValueKind == JsonValueKind.Object);
        if (simulator is ILikelihood)
        {
            Assert.Equal((200 - failed, 0), (likelihood.GetProperty("finiteAtSimulation").GetInt32(), likelihood.GetProperty("undefined").GetInt32()));
        }

        Assert.Equal(0, cli.Run("check", "s.yaml"));
        foreach (string parameter in simulator.ParameterNames)
        {
            Assert.Contains($"\n{parameter} ", cli.Output, StringComparison.Ordinal);
        }
    }

    private static double[] Draw(string name, int parameters, int i)
    {
        double[] theta = new double[parameters];
        SimulatorCases.Of(name).Prior(theta, new Rng(1).Split(i));
        return theta;
    }

    [Fact]
    public void Check_ObservationOutsideThePrior_Warns()
    {
        using var cli = new CliCase();
        cli.Scratch.Write("far.csv", "x_1,x_2\n0.1,50\n");
        Assert.Equal(0, cli.Run("check", "toy", "--observation", "far.csv"));
        Assert.Contains("Warning: The observation is outside all simulations from the prior in 1 of 2 outputs: x_2 (50 is not in -", cli.Output, StringComparison.Ordinal);
        Assert.EndsWith("The study can be run; see the warnings.\n", cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, cli.Run("check", "toy"));
        Assert.DoesNotContain("Warning", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SimulatorThatAlwaysThrows_EndsWithTwo()
    {
        using var cli = new CliCase();
        // A negative rate is outside of what lynx-hare takes.
        string prior = string.Concat(SimulatorCatalog.Create("lynx-hare").ParameterNames.Select(p => $"\n  {p}: {{ uniform: {{ lower: -2, upper: -1 }} }}"));
        string values = string.Join(", ", Enumerable.Repeat("1", 42));
        cli.Scratch.Write("s.yaml", $"format: 1\nsimulator: lynx-hare\nprior:{prior}\nobservation: {{ values: [{values}] }}\n");
        Assert.Equal(2, cli.Run("check", "s.yaml"));
        Assert.StartsWith("Problem: Every one of the first 100 simulations failed. ", cli.Error, StringComparison.Ordinal);
        Assert.Contains("Simulations: 100 tried, 100 failed (100 %)", cli.Output, StringComparison.Ordinal);
        Assert.Contains("The study cannot be run as it is.", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_Cancelled_EndsWithFour()
    {
        using var cli = new CliCase { Cancel = new CancellationToken(canceled: true) };
        Assert.Equal(4, cli.Run("check", "toy"));
        Assert.Equal("Interrupted.\n", cli.Error);
    }

    [Fact]
    public void Numbers_Always_UseADecimalPoint()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            using var cli = new CliCase();
            cli.Run("check", "toy");
            Assert.Contains("x_1          0.1  -", cli.Output, StringComparison.Ordinal);
            Assert.Equal(("-1.5 0.25", "12.5 %", "2.5 s"), ($"{Numbers.Short(-1.5)} {Numbers.WithSpread(0.25, 3)}", Numbers.Percent(0.125), Numbers.Time(TimeSpan.FromSeconds(2.5))));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}

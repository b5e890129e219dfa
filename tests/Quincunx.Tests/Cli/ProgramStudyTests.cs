using System.Globalization;
using Quincunx.Cli;
using Quincunx.Tests.Cases;
using Quincunx.Tests.Conventions;

namespace Quincunx.Tests.Cli;

/// <summary>A study whose simulator is a program, from the file to the posterior.</summary>
public sealed class ProgramStudyTests : IDisposable
{
    private const string Program = """
        import random, sys
        import quincunx
        def simulate(theta, seed):
            numbers = random.Random(seed)
            return [theta[0] + numbers.gauss(0, 0.5), theta[1] + numbers.gauss(0, 0.5)]
        quincunx.serve(simulate, parameters=["b", "a"], outputs=["b_seen", "a_seen"], version="3.1")
        """;

    private readonly CliCase _cli = LineProgram.Case();

    public ProgramStudyTests()
    {
        Directory.CreateDirectory(_cli["toy"]);
        File.Copy(Path.Combine(RepositoryRoot.Path, "clients", "python", "quincunx.py"), _cli["toy/quincunx.py"]);
        _cli.Scratch.Write("toy/sim.py", Program);
        Write();
    }

    public void Dispose() => _cli.Dispose();

    // Seen are b = 2 and a = -1 with noise of 0.5, so the exact posterior is normal with means 1.6 and -0.8 and deviations 0.45: the wide bounds are for a network of a moment's training, and still far from
    // those of parameters that are swapped.
    [PythonFact]
    [Trait("Category", "Slow")]
    public void Run_OnAProgram_GivesAPosteriorInTheStudysOrderAndGoesOnFromItsFiles()
    {
        int code = _cli.Run("run", "toy");

        Assert.True(code is ExitCode.Success or ExitCode.DoNotTrust, _cli.Error);
        double[][] posterior = [.. File.ReadLines(_cli["runs/toy/posterior.csv"]).Skip(1).Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        Assert.InRange(posterior.Average(draw => draw[0]), -1.5, -0.1);
        Assert.InRange(posterior.Average(draw => draw[1]), 1, 2.2);
        Assert.Contains("process", File.ReadAllText(_cli["runs/toy/programs/worker-1.log"]));
        Assert.Contains("sim.py", File.ReadAllText(_cli["runs/toy/manifest.json"]));

        Assert.Equal(code, _cli.Run("run", "toy", "--json"));
        Assert.All(_cli.Json.Last().GetProperty("stages").EnumerateArray(), stage => Assert.True(stage.GetProperty("reused").GetBoolean()));

        _cli.Scratch.Write("toy/sim.py", Program + "\n# another version");
        _cli.Run("simulate", "toy", "--json");
        Assert.False(_cli.Json.Last().GetProperty("stages")[0].GetProperty("reused").GetBoolean());
    }

    // Without the program's own noise, and with that of the study: exact after reweighting. Means of 1.6 and -0.8 within four errors of 2,000 draws, deviations of 0.447.
    [PythonFact, Trait("Category", "Slow")]
    public void Run_OnAProgramWithoutNoise_ReweightsByThatOfTheStudy()
    {
        _cli.Scratch.Write("toy/sim.py", Program.Replace("numbers.gauss(0, 0.5)", "0", StringComparison.Ordinal));
        Write(more: "noise: { level: 0.5, fresh: true, deterministic: true }\nimportance: { draws: 2000, rounds: 1 }");
        int code = _cli.Run("run", "toy");
        Assert.True(code is ExitCode.Success or ExitCode.DoNotTrust, _cli.Error);
        double[][] draws = [.. File.ReadLines(_cli["runs/toy/posterior.csv"]).Skip(1).Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        double total = draws.Sum(draw => draw[2]), effective = total * total / draws.Sum(draw => draw[2] * draw[2]), error = Math.Sqrt(0.2 / effective);
        foreach ((int column, double mean) in (ReadOnlySpan<(int, double)>)[(0, -0.8), (1, 1.6)])
        {
            double found = draws.Sum(draw => draw[2] * draw[column]) / total, variance = draws.Sum(draw => draw[2] * (draw[column] - found) * (draw[column] - found)) / total;
            Assert.InRange(found, mean - (4 * error), mean + (4 * error));
            Assert.InRange(variance, 0.2 - (4 * 0.2 * Math.Sqrt(2 / effective)), 0.2 + (4 * 0.2 * Math.Sqrt(2 / effective)));
        }

        // A program that is random after all, and a study that cannot be.
        _cli.Scratch.Write("toy/sim.py", Program);
        Assert.Equal(ExitCode.BadInput, _cli.Run("check", "toy"));
        Assert.Contains("noise.deterministic", _cli.Output + _cli.Error, StringComparison.Ordinal);
        Write(more: "noise: { level: -0.5 }");
        Assert.Equal(ExitCode.BadInput, _cli.Run("run", "toy"));
        Assert.Contains("noise.level: found -0.5, expected a positive number", _cli.Error, StringComparison.Ordinal);
    }

    // Whoever waits for a long run learns of it before the end.
    [PythonFact]
    public void Simulate_ProgramThatPrintsAmongItsAnswers_WarnsWhileItGoesOn()
    {
        _cli.Scratch.Write("toy/bare.py", """
            import json, sys
            sys.stdin.readline()
            print('{"quincunx":1,"outputs":2}', flush=True)
            for line in sys.stdin:
                request = json.loads(line)
                print("half done")
                print(json.dumps({"id": request["id"], "x": [[seed % 9, 1] for seed in request["seeds"]]}), flush=True)
            """);
        Write(simulator: $"{{ command: [{Tool.Python}, bare.py] }}");

        Assert.Equal(0, _cli.Run("simulate", "toy"));
        int warned = _cli.Output.IndexOf("simulate-1: warning: The program '", StringComparison.Ordinal), done = _cli.Output.IndexOf("simulate-1 (1 of 1): done", StringComparison.Ordinal);
        Assert.InRange(warned, 0, done);
        Assert.Contains("bare.py' writes lines on its standard output that are no answers, such as 'half done'.", _cli.Output, StringComparison.Ordinal);
        Assert.Matches("Warning: The program '.* wrote [0-9]+ lines on its standard output that are no answers, first 'half done'", _cli.Error);
    }

    [PythonFact]
    public void Check_NamesThatAreNotThoseOfThePrior_AreNamed()
    {
        Write(parameters: "c");

        Assert.Equal(ExitCode.BadInput, _cli.Run("check", "toy"));
        Assert.Contains("found 'c', which is no parameter of " + Tool.Python + " sim.py, expected one of b, a", _cli.Error);
    }

    [PythonFact]
    public void Check_ProgramThatFailsAtTheStart_NamesFileKeyAndErrors()
    {
        _cli.Scratch.Write("toy/sim.py", "import no_such_module");

        Assert.Equal(ExitCode.BadInput, _cli.Run("check", "toy"));
        Assert.Contains("study.yaml:4:", _cli.Error);
        Assert.Contains("simulator.command: found that it ended with exit code 1 before it announced itself", _cli.Error);
        Assert.Contains("No module named 'no_such_module'", _cli.Error);
    }

    [Fact]
    public void Check_ParametersAndOutputsInTheStudy_StartsNothingToReadIt()
    {
        Write(simulator: "{ command: [./no-such-program], parameters: [b, a], outputs: 2, files: [nothing] }");

        Assert.Equal(ExitCode.BadInput, _cli.Run("check", "toy"));
        Assert.Contains("simulator.files[0]: found no such file", _cli.Error);
        Assert.DoesNotContain("cannot be started", _cli.Error);

        Write(simulator: "{ command: [./no-such-program], parameters: [b, a], outputs: 2 }");
        Assert.Equal(ExitCode.BadInput, _cli.Run("check", "toy"));
        Assert.Contains("program './no-such-program': found that it cannot be started", _cli.Error);
    }

    [Theory]
    [InlineData("{ command: [] }", "simulator.command: found an empty list")]
    [InlineData("{ command: [a], name: b }", "simulator: found name and command, expected exactly one of name, command, assembly")]
    [InlineData("{ comand: [a] }", "Did you mean 'command'?")]
    [InlineData("{ command: [a], timeout: 5, outputs: 1 }", "simulator.timeout: found '5', expected a time in ms, s, min or h, such as 90 s. Add the unit.")]
    [InlineData("{ command: [a], timeout: 0 s, outputs: 1 }", "simulator.timeout: found '0 s'")]
    [InlineData("{ command: [a], outputs: 0 }", "simulator.outputs: found 0")]
    [InlineData("{ command: [a], outputs: many }", "simulator.outputs: found 'many', expected a list of names, or their number")]
    [InlineData("{ command: [a], parameters: [a, b], outputs: [c, c] }", "simulator.outputs[1]: found a second 'c'")]
    [InlineData("{ command: [a], options: { b: 1 } }", "simulator.options: found the unknown key 'options'")]
    public void Check_KeysThatCannotBe_AreNamed(string simulator, string message)
    {
        Write(simulator: simulator);

        Assert.Equal(ExitCode.BadInput, _cli.Run("check", "toy"));
        Assert.Contains(message, _cli.Error);
    }

    private void Write(string? simulator = null, string parameters = "a", string more = "") => _cli.Scratch.Write("toy/study.yaml", $$"""
        format: 1
        title: A toy
        simulator:
          {{simulator ?? $"{{ command: [{Tool.Python}, sim.py], files: [quincunx.py], mode: json }}"}}
        prior:
          {{parameters}}: { normal: { mean: 0, sd: 1 } }
          b: { normal: { mean: 0, sd: 1 } }
        observation: { values: [2, -1] }
        {{more}}
        inference:
          simulations: 1000
          flow: { transforms: 2, hidden: [16] }
          training: { max-epochs: 20, learning-rate: 2e-3 }
        diagnostics: { sbc: 20, sbc-draws: 50, predictive: 50 }
        posterior: { draws: 500 }
        """);
}

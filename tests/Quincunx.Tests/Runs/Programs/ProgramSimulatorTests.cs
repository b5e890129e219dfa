using Quincunx.Inference.Simulation;
using Quincunx.Runs.Programs;
using Quincunx.Tests.Cases;

namespace Quincunx.Tests.Runs.Programs;

public sealed class ProgramSimulatorTests : IDisposable
{
    private readonly ProgramCase _case = new();

    public void Dispose() => _case.Dispose();

    [PythonTheory]
    [InlineData(ProgramMode.Json)]
    [InlineData(ProgramMode.Npy)]
    public void Simulate_OfBothModes_GivesTheBitsOfTheSameComputationHere(ProgramMode mode)
    {
        using var program = new ProgramSimulator(_case.Client() with { Mode = mode });

        SimulationSet set = ProgramCase.Run(program, 1000), expected = ProgramCase.Expected(1000);

        Assert.Equal(mode, program.Announcement.Mode);
        Assert.Equal(["theta_1", "theta_2"], program.ParameterNames);
        Assert.Equal(["x_1", "x_2"], program.OutputNames);
        Assert.Equal(expected.Theta, set.Theta);
        Assert.Equal(expected.X, set.X);
        Assert.True(program.BatchRows > 1, "batches have not grown");
    }

    [PythonTheory]
    [InlineData(1, null)]
    [InlineData(5, null)]
    [InlineData(2, 7L)]
    public void Simulate_WithOtherWorkersAndRestarts_GivesTheSameBits(int workers, long? restartAfter)
    {
        using var program = new ProgramSimulator(_case.Client() with { Workers = workers, RestartAfter = restartAfter });

        Assert.Equal(ProgramCase.Expected(150).X, ProgramCase.Run(program, 150).X);
    }

    [PythonFact]
    public void Simulate_ExceptionsAndNumbersThatAreNotFinite_AreFailuresWithTheirReason()
    {
        const string Lines = """
            good = simulate
            def simulate(theta, seed):
                if seed % 3 == 0: raise ValueError("no convergence")
                if seed % 3 == 1: return [1.0, float("inf")]
                return good(theta, seed)
            """;
        foreach (ProgramMode mode in Enum.GetValues<ProgramMode>())
        {
            using var program = new ProgramSimulator(_case.Client(Lines) with { Mode = mode });

            SimulationSet set = ProgramCase.Run(program, 60), expected = ProgramCase.Expected(60);

            Assert.All(set.Failures, f => Assert.Contains(f.Message, (string[])["ValueError: no convergence", "Output x_2 is ∞.", "Output x_2 is Infinity."]));
            Assert.Equal(set.FailedRows.Count, set.Failures.Count);
            Assert.InRange(set.FailedRows.Count, 20, 59);               // 40 expected of Binomial(60, 2/3), 3.65 its deviation
            Assert.All(Enumerable.Range(0, 60).Except(set.FailedRows), row => Assert.Equal(expected.X[(2 * row)..(2 * row + 2)], set.X[(2 * row)..(2 * row + 2)]));
        }
    }

    [PythonFact]
    public void Simulate_ProgramThatDies_TriesTheOthersAloneAndNamesSeedThetaCodeAndErrors()
    {
        const string Lines = """
            good = simulate
            def simulate(theta, seed):
                if seed % 10 == 0:
                    print("division of the indivisible", file=sys.stderr, flush=True)
                    os._exit(7)
                if seed % 10 == 1: os.kill(os.getpid(), 9)
                return good(theta, seed)
            """;
        ProgramOptions options = _case.Client(Lines);
        using var program = new ProgramSimulator(options);
        using var other = new ProgramSimulator(options with { Workers = 1, Mode = ProgramMode.Json });
        program.LogTo(_case.Scratch["logs"]);

        SimulationSet set = ProgramCase.Run(program, 40), again = ProgramCase.Run(other, 40), expected = ProgramCase.Expected(40);

        Assert.NotEmpty(set.Failures);
        Assert.Equal(set.Failures.Select(f => f.Message), again.Failures.Select(f => f.Message));
        Assert.All(set.Failures, f => Assert.Matches(
            @"^The program ended with exit code (7 \(seed \d*0, theta .*\)\. It wrote on its standard error:\ndivision of the indivisible|137, signal 9 \(kill\) \(seed \d*1, theta .*\)\.)$", f.Message));
        Assert.All(set.Failures, f => Assert.Contains(FormattableString.Invariant($"theta [{f.Theta[0]:R}, {f.Theta[1]:R}]"), f.Message));
        Assert.All(Enumerable.Range(0, 40).Except(set.FailedRows), row => Assert.Equal(expected.X[(2 * row)..(2 * row + 2)], set.X[(2 * row)..(2 * row + 2)]));
        string log = string.Concat(Directory.GetFiles(_case.Scratch["logs"]).Select(Read));
        Assert.Contains("division of the indivisible", log);
        Assert.Contains("ended with exit code 7", log);
        Assert.All(set.Failures, f => Assert.Contains($" at seed {f.Message.Split("(seed ")[1].Split(',')[0]}\n", log));
    }

    [PythonFact]
    public void Simulate_ProgramThatDiesOnce_LosesNothing()
    {
        const string Lines = """
            good = simulate
            def simulate(theta, seed):
                if seed % 5 == 0 and not os.path.exists("died"):
                    open("died", "w").close()
                    os._exit(1)
                return good(theta, seed)
            """;
        using var program = new ProgramSimulator(_case.Client(Lines) with { Workers = 1 });

        Assert.Equal(ProgramCase.Expected(60).X, ProgramCase.Run(program, 60).X);
        Assert.True(File.Exists(_case.Scratch["died"]));
    }

    [PythonFact]
    public void Simulate_ProgramThatEndsAfterEachAnswer_IsStartedAgain()
    {
        using var program = new ProgramSimulator(_case.Python(ProgramCase.Bare + """
            first = []
            def answer(t, s):
                if first: os._exit(0)
                first.append(1)
                return "[%d,%d]" % (s % 2**20, 1)
            respond(answer)
            """));

        SimulationSet set = ProgramCase.Run(program, 30);

        Assert.Empty(set.FailedRows);
    }

    [PythonFact]
    public void Simulate_LongerThanTheLimit_FailsAloneWithoutTheOthers()
    {
        const string Lines = """
            good = simulate
            def simulate(theta, seed):
                if seed % 16 == 0: time.sleep(1000)
                return good(theta, seed)
            """;
        using var program = new ProgramSimulator(_case.Client(Lines) with { Timeout = TimeSpan.FromSeconds(0.5) });

        SimulationSet set = ProgramCase.Run(program, 30), expected = ProgramCase.Expected(30);

        Assert.NotEmpty(set.Failures);
        Assert.All(set.Failures, f => Assert.StartsWith("The program took longer than 0.5 s (seed ", f.Message));
        Assert.All(Enumerable.Range(0, 30).Except(set.FailedRows), row => Assert.Equal(expected.X[2 * row], set.X[2 * row]));
    }

    [Fact]
    public void Simulate_NoSuchProgram_SaysSo()
    {
        using var program = new ProgramSimulator(new ProgramOptions { Command = ["./no-such-program", "3"], Folder = _case.Scratch.Path, File = "a/study.yaml" });

        var error = Assert.Throws<ProgramException>(() => program.OutputNames);

        Assert.StartsWith("a/study.yaml: program './no-such-program 3': found that it cannot be started (", error.Message);
    }

    [PythonTheory]
    [InlineData("import sys; print('out of licences', file=sys.stderr); sys.exit(3)", "that it ended with exit code 3 before it announced itself", "out of licences")]
    [InlineData("import time; time.sleep(1000)", "no announcement within 1 s", "")]
    [InlineData("print('hello', flush=True); input(); input()", "no announcement within 1 s", "")]
    [InlineData("input(); print('{\"quincunx\":2}', flush=True); input()", "version 2 of the protocol", "")]
    [InlineData("input(); print('{\"quincunx\":1}', flush=True); input()", "an announcement without outputs", "")]
    [InlineData("input(); print('{\"quincunx\":1,\"outputs\":[\"a\",\"a\"]}', flush=True); input()", "two outputs named 'a'", "")]
    [InlineData("input(); print('{\"quincunx\":1,\"outputs\":0}', flush=True); input()", "outputs 0", "")]
    [InlineData("input(); print('{\"quincunx\":1,\"outputs\":1,\"mode\":\"xml\"}', flush=True); input()", "mode \"xml\"", "")]
    public void Simulate_NoAnnouncementThatIsUnderstood_SaysWhatWasFound(string program, string found, string errors)
    {
        using var simulator = new ProgramSimulator(_case.Python(program) with { StartTimeout = TimeSpan.FromSeconds(1) });

        var error = Assert.Throws<ProgramException>(() => simulator.OutputNames);

        Assert.StartsWith(found, error.Found);
        Assert.Equal(errors, error.Errors);
    }

    private static string Read(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}

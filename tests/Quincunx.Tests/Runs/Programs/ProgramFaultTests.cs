using System.Globalization;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Programs;
using Quincunx.Tests.Cases;

namespace Quincunx.Tests.Runs.Programs;

public sealed class ProgramFaultTests : IDisposable
{
    private readonly ProgramCase _case = new();

    public void Dispose() => _case.Dispose();

    [PythonFact]
    public void Output_RubbishBetweenLinesOfJson_IsLeftOutAndCounted()
    {
        ProgramOptions options = _case.Python(ProgramCase.Bare + """
            def answer(t, s):
                if s % 2: print("progress: 50 %\n{\n{}\n[1]\nnull\n{\"a\":1}", flush=True)
                return "[%d,2]" % (s % 2**20)
            respond(answer)
            """);
        using var program = new ProgramSimulator(options);
        List<string> warnings = [];
        program.WarnTo(warnings.Add);

        SimulationSet set = ProgramCase.Run(program, 40);

        Assert.Equal($"The program '{program.Name}' writes lines on its standard output that are no answers, such as 'progress: 50 %'. They are left out; it should write them on its standard error.",
            Assert.Single(warnings));
        Assert.Empty(set.FailedRows);
        int odd = Enumerable.Range(0, 40).Count(i => set.X[2 * i] % 2 == 1);
        Assert.Equal(6 * odd, program.StrayLines);
        Assert.Equal($"The program '{program.Name}' wrote {6 * odd} lines on its standard output that are no answers, first 'progress: 50 %'. They are left out; it should write them on its standard error.",
            Assert.Single(program.Warnings));
    }

    [PythonTheory]
    [InlineData("'{\"id\":%d,\"x\":[[1,2,3]]}' % r['id']", "3 outputs for a simulation, expected 2")]
    [InlineData("'{\"id\":%d,\"x\":[]}' % r['id']", "0 rows of x, expected 1")]
    [InlineData("'{\"id\":%d,\"x\":[[1,2],[1,2]]}' % r['id']", "2 rows of x, expected 1")]
    [InlineData("'{\"id\":%d,\"x\":[[1,true]]}' % r['id']", "true among the outputs, expected numbers")]
    [InlineData("'{\"id\":%d,\"x\":[7]}' % r['id']", "7 for the outputs of a simulation, expected a list of numbers")]
    [InlineData("'{\"id\":%d}' % r['id']", "an answer without a list 'x'")]
    [InlineData("'{\"id\":%d,\"x\":[[1,2]]}' % (r['id'] + 1)", "an answer to request ")]
    [InlineData("'{\"id\":%d,\"x\":[[1,nan]]}' % r['id']", "which is no JSON (")]
    [InlineData("'half a line {\"id\":%d,\"x\":[[1,2]]}' % r['id']", "an answer behind other text")]
    public void Output_ThatBreaksTheProtocol_FailsTheSimulationAndSaysHow(string answer, string found)
    {
        using var program = new ProgramSimulator(_case.Python($$"""
            import json, sys
            sys.stdin.readline()
            print('{"quincunx":1,"outputs":2}', flush=True)
            for line in sys.stdin:
                r = json.loads(line)
                print({{answer}}, flush=True)
            """) with { Workers = 1 });

        SimulationSet set = ProgramCase.Run(program, 1);

        Assert.Contains("The program wrote ", Assert.Single(set.Failures).Message);
        Assert.Contains(found, set.Failures[0].Message);
    }

    [PythonTheory]
    [InlineData("sys.stdout.buffer.write(b'hello\\n')", "the line 'hello' on its standard output")]
    [InlineData("write([1.0], '(1, 1)')", "x of shape [1, 1], expected [rows, 2]")]
    [InlineData("write([1.0, 2.0], '(1, 2)', '<i8')", "x of <i8, expected <f8 or <f4")]
    [InlineData("sys.stdout.buffer.write(b'{\"id\":1,\"arrays\":[\"x\"]}\\nNUMPY on its own\\n')", "the first bytes 4E554D5059")]
    [InlineData("sys.stdout.buffer.write(b'{\"id\":1,\"arrays\":[]}\\n')", "an answer without the array x")]
    public void Output_ThatBreaksTheBinaryProtocol_FailsTheSimulationAndSaysHow(string answer, string found)
    {
        using var program = new ProgramSimulator(_case.Python($$"""
            import array, sys
            def write(values, shape, descr="<f8"):
                head = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (descr, shape)
                sys.stdout.buffer.write(b'{"id":1,"arrays":["x"]}\n' + b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode() + array.array("d", values).tobytes())
            sys.stdin.readline()
            print('{"quincunx":1,"outputs":2,"mode":"npy"}', flush=True)
            sys.stdin.buffer.readline()
            {{answer}}
            sys.stdout.flush()
            sys.stdin.buffer.read()
            """) with { Workers = 1, Timeout = TimeSpan.FromSeconds(20) });

        string?[] failures = [null];
        double[] x = new double[2];
        program.Simulate([0.1, 0.2], x, [new(1)], failures, CancellationToken.None);

        Assert.StartsWith("The program wrote " + found, failures[0]);
        Assert.All(x, value => Assert.True(double.IsNaN(value)));
    }

    [PythonFact]
    public void Simulate_Cancelled_EndsSoonAndLeavesNoProcess()
    {
        ProgramOptions options = _case.Python("import os, subprocess\n" + ProgramCase.Bare + """
            child = subprocess.Popen(["sleep", "1000"])
            open("pid-%d" % os.getpid(), "w").write(str(child.pid))
            respond(lambda t, s: time.sleep(1000))
            """);
        using var cancel = new CancellationTokenSource();
        using (var program = new ProgramSimulator(options))
        {
            var task = Task.Run(() => ProgramCase.Run(program, 10, cancel.Token), CancellationToken.None);
            SpinWait.SpinUntil(() => Pids().Count == 4, TimeSpan.FromSeconds(60));
            cancel.Cancel();
            Assert.Throws<OperationCanceledException>(() => task.GetAwaiter().GetResult());
        }

        Assert.Equal(4, Pids().Count);
        Assert.DoesNotContain(Pids(), Tool.IsRunning);
    }

    [PythonFact]
    public void Dispose_ProgramThatDoesNotEndAtTheEndOfItsInput_IsKilled()
    {
        ProgramOptions options = _case.Python("""
            import os, signal, time
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            open("pid-%d" % os.getpid(), "w").write("0")
            input()
            print('{"quincunx":1,"outputs":2}', flush=True)
            time.sleep(1000)
            """);
        using (var program = new ProgramSimulator(options))
        {
            Assert.Equal(2, program.OutputNames.Count);
        }

        Assert.DoesNotContain(Pids().Where(id => id > 0), Tool.IsRunning);
    }

    [PythonFact]
    public void Simulate_ProgramThatLeaks_IsReplacedAndLosesNothing()
    {
        const string Lines = """
            open("pid-%d" % os.getpid(), "w").write("0")
            good, held = simulate, []
            def simulate(theta, seed):
                held.append(bytearray(4 << 20))
                return good(theta, seed)
            """;
        using var program = new ProgramSimulator(_case.Client(Lines) with { Memory = 60 << 20, Workers = 1 });

        Assert.Equal(ProgramCase.Expected(60).X, ProgramCase.Run(program, 60).X);
        Assert.InRange(Pids().Count(id => id > 0), 2, 60);              // 240 MiB in processes of 60 to 120
    }

    [PythonFact]
    public void Simulate_EventThatTakesFarTooMuchMemory_FailsAlone()
    {
        const string Lines = """
            good = simulate
            def simulate(theta, seed):
                if seed % 4 == 0:
                    held = b"x" * (200 << 20)
                    time.sleep(1000)
                return good(theta, seed)
            """;
        using var program = new ProgramSimulator(_case.Client(Lines) with { Memory = 60 << 20 });

        SimulationSet set = ProgramCase.Run(program, 12), expected = ProgramCase.Expected(12);

        Assert.NotEmpty(set.Failures);
        Assert.All(set.Failures, f => Assert.StartsWith("The program held more than twice the 60 MiB of memory that it may (seed ", f.Message));
        Assert.All(Enumerable.Range(0, 12).Except(set.FailedRows), row => Assert.Equal(expected.X[2 * row], set.X[2 * row]));
    }

    [PythonFact]
    public void Simulate_OtherAnnouncementAtASecondStart_EndsTheRun()
    {
        using var program = new ProgramSimulator(_case.Python("""
            import os, sys
            sys.stdin.readline()
            first = not os.path.exists("started")
            open("started", "w").close()
            print('{"quincunx":1,"outputs":["%s"]}' % ("a" if first else "b"), flush=True)
            sys.stdin.readline()
            os._exit(1)
            """) with { Workers = 1 });

        Assert.Equal(["a"], program.OutputNames);
        var error = Assert.Throws<ProgramException>(() => ProgramCase.Run(program, 10));
        Assert.Equal("another announcement than at its first start", error.Found);
    }

    [PythonFact]
    public void Log_OfAProgramThatTalksWithoutEnd_IsCutOff()
    {
        const string Lines = """
            good = simulate
            def simulate(theta, seed):
                print("x" * 99999, file=sys.stderr)
                return good(theta, seed)
            """;
        using (var program = new ProgramSimulator(_case.Client(Lines) with { Workers = 1 }))
        {
            program.LogTo(_case.Scratch["logs"]);
            Assert.Empty(ProgramCase.Run(program, 60).FailedRows);
        }

        FileInfo[] files = new DirectoryInfo(_case.Scratch["logs"]).GetFiles();
        Assert.Equal(["worker-1.log", "worker-1.old.log"], files.Select(f => f.Name).Order(StringComparer.Ordinal));
        Assert.All(files, f => Assert.InRange(f.Length, 1, 1_200_000));
    }

    // x = theta + z with z standard normal: score z, and log ratio z (h - theta) - (h - theta)^2 / 2.
    [PythonTheory]
    [InlineData(ProgramMode.Json)]
    [InlineData(ProgramMode.Npy)]
    public void Mined_ScoreAndRatiosOfTheProgram_PassTheCheckAndAWrongScoreDoesNot(ProgramMode mode)
    {
        foreach (string factor in (string[])["1", "1.1"])
        {
            using var program = new ProgramSimulator(_case.Python($$"""
                import random, quincunx
                def simulate(theta, seed):
                    return [theta[0] + random.Random(seed).gauss(0, 1)]
                def mine(theta, seed, hypotheses):
                    z = random.Random(seed).gauss(0, 1)
                    return [theta[0] + z], [{{factor}} * z], [z * (h[0] - theta[0]) - (h[0] - theta[0]) ** 2 / 2 for h in hypotheses]
                quincunx.serve(simulate, outputs=["x"], parameters=["theta"], mine=mine)
                """) with { Mode = mode });

            Assert.NotNull(program.Mined);
            MinedCheckResult result = MinedCheck.Run(program.Mined, [0.3, -0.4], 100, new(5), CancellationToken.None);

            Assert.Null(result.NotMinable);
            Assert.Equal(factor == "1", result.Problems.Count == 0);
        }
    }

    private List<int> Pids() => [.. Directory.GetFiles(_case.Scratch.Path, "pid-*").SelectMany(f => new[] { Number(Path.GetFileName(f)[4..]), Number(File.ReadAllText(f)) })];

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}

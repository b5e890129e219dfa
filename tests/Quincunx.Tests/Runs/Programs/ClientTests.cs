using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Queues;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Cases;
using Quincunx.Tests.Conventions;
using Quincunx.Tests.Runs.Studies;

namespace Quincunx.Tests.Runs.Programs;

/// <summary>The clients, and the studies that show them.</summary>
public sealed class ClientTests : IDisposable
{
    private readonly ProgramCase _case = new();

    public void Dispose() => _case.Dispose();

    [Theory]
    [InlineData("clients/python/quincunx.py", "studies/python-two-moons/quincunx.py")]
    [InlineData("clients/cpp/quincunx.hpp", "studies/cpp-queue/quincunx.hpp")]
    public void Copies_InStudies_AreThoseOfTheClients(string client, string copy) =>
        Assert.Equal(File.ReadAllText(Path.Combine(RepositoryRoot.Path, client)), File.ReadAllText(Path.Combine(RepositoryRoot.Path, copy)));

    [PythonFact]
    public void Python_PrintsOfAnyKind_GoToTheStandardError()
    {
        using var program = new ProgramSimulator(_case.Client("""
            good = simulate
            def simulate(theta, seed):
                print("from Python")
                os.system("echo from a child")
                os.write(1, b"from below\n")
                return good(theta, seed)
            """) with { Workers = 1 });
        program.LogTo(_case.Scratch["logs"]);

        Assert.Equal(ProgramCase.Expected(3).X, ProgramCase.Run(program, 3).X);
        Assert.Equal(0, program.StrayLines);
    }

    [PythonTheory]
    [InlineData("[('image', (2, 3)), 'sum']", "image_1_1,image_1_2,image_1_3,image_2_1,image_2_2,image_2_3,sum")]
    [InlineData("3", "x_1,x_2,x_3")]
    public void Python_OutputsWithShapes_AreSpelledOut(string outputs, string names)
    {
        using var program = new ProgramSimulator(_case.Python($$"""
            import quincunx
            quincunx.serve(lambda theta, seed: [1.0] * {{names.Split(',').Length}}, outputs={{outputs}})
            """));

        Assert.Equal(names, string.Join(',', program.OutputNames));
        Assert.All(ProgramCase.Run(program, 4).X, x => Assert.Equal(1, x));
    }

    [PythonFact]
    public void Python_WrongNumberOfOutputs_IsAFailure()
    {
        using var program = new ProgramSimulator(_case.Python("import quincunx\nquincunx.serve(lambda theta, seed: [1.0], outputs=['a', 'b'])"));

        Assert.All(ProgramCase.Run(program, 5).Failures, f => Assert.Equal("simulate gave 1 numbers, expected 2", f.Message));
    }

    [ToolFact("g++")]
    public void Cpp_BuiltOnce_GivesTheBitsOfTheSameComputationHere()
    {
        ProgramOptions options = Cpp("""
            #include "quincunx.hpp"
            #include <iostream>
            int main() {
                return quincunx::serve({"x_1", "x_2"}, [](const std::vector<double>& theta, std::uint64_t seed) {
                    std::uint64_t state = seed;
                    auto next = [&] { state = 6364136223846793005ull * state + 1442695040888963407ull; return static_cast<double>(state >> 11) / 9007199254740992.0; };
                    std::cout << "a stray line" << std::endl;
                    if (seed % 4 == 0) throw std::runtime_error("no \"convergence\"\n");
                    const double u = next();
                    return std::vector<double>{theta[0] + u, theta[1] * next()};
                }, {"theta_1", "theta_2"}, "7");
            }
            """);
        using var program = new ProgramSimulator(options);
        using var second = new ProgramSimulator(options);

        SimulationSet set = ProgramCase.Run(program, 200), expected = ProgramCase.Expected(200);

        Assert.Equal("7", program.Announcement.Version);
        Assert.InRange(set.FailedRows.Count, 20, 85);                   // 50 expected of Binomial(200, 1/4), 6.1 its deviation
        Assert.All(set.Failures, f => Assert.Equal("no \"convergence\"\n", f.Message));
        Assert.All(Enumerable.Range(0, 200).Except(set.FailedRows), row => Assert.Equal(expected.X[(2 * row)..(2 * row + 2)], set.X[(2 * row)..(2 * row + 2)]));
        Assert.Equal(2, second.OutputNames.Count);
        Assert.Single(Directory.GetDirectories(_case.Scratch[".build"]));
    }

    [ToolFact("g++")]
    public void Build_ThatFails_ShowsTheCompilersWordsAndLeavesNothing()
    {
        using var program = new ProgramSimulator(Cpp("int main() { return no_such_thing; }"));

        var error = Assert.Throws<ProgramException>(() => program.OutputNames);

        Assert.Equal("exit code 1 of the build", error.Found);
        Assert.Contains("no_such_thing", error.Errors);
        Assert.Empty(Directory.GetDirectories(_case.Scratch[".build"]));
    }

    [ToolFact("bash")]
    public void Shell_Function_AnswersEventByEvent()
    {
        File.Copy(Path.Combine(RepositoryRoot.Path, "clients", "shell", "quincunx.sh"), _case.Scratch["quincunx.sh"]);
        _case.Scratch.Write("sim.sh", """
            source ./quincunx.sh
            simulate() {
                echo "to the log" >&2
                cat >/dev/null
                case $(($1 % 4)) in
                    0) return 3 ;;
                    1) echo "no number" ;;
                    2) echo "$2  .5" ;;
                    *) printf '%s\n+7.\n' "$3" ;;
                esac
            }
            quincunx_serve x_1 x_2
            """);
        using var program = new ProgramSimulator(new ProgramOptions { Command = ["bash", "sim.sh"], Folder = _case.Scratch.Path, Expected = ["theta_1", "theta_2"], Workers = 2 });

        SimulationSet set = ProgramCase.Run(program, 40);

        foreach (SimulationFailure failure in set.Failures)
        {
            Assert.Contains(failure.Message, (string[])["exit status 3", "simulate printed what is no number"]);
        }

        int[] good = [.. Enumerable.Range(0, 40).Except(set.FailedRows)];
        Assert.InRange(good.Length, 5, 35);                             // 20 expected of Binomial(40, 1/2), 3.2 its deviation
        Assert.All(good, row => Assert.True(
            (set.X[2 * row] == set.Theta[2 * row] && set.X[(2 * row) + 1] == 0.5) || (set.X[2 * row] == set.Theta[(2 * row) + 1] && set.X[(2 * row) + 1] == 7)));
    }

    // The same law in two languages: each quartile's mean over events at the same parameters, in standard errors of the difference. 15 comparisons, so 5 is one false alarm in 10^5.
    [ToolFact("g++")]
    public void CppQueue_MeansOfItsOutputs_AreThoseOfTheBuiltInQueue()
    {
        const int Events = 2000;
        using Study study = Study.Load(Path.Combine(RepositoryRoot.Path, "studies", "cpp-queue"), new ToyCatalog());
        ISimulator here = new MG1Queue();
        Assert.Equal(here.OutputNames, study.Simulator.OutputNames);
        foreach (double[] theta in (double[][])[[1, 4, 0.2], [5, 1, 0.05], [0.1, 9, 0.33]])
        {
            double[] all = [.. Enumerable.Repeat(theta, Events).SelectMany(t => t)];
            SimulationSet theirs = new SimulationRunner(study.Simulator).Run(all, 0, new Rng(3)), ours = new SimulationRunner(here).Run(all, 0, new Rng(4));
            for (int output = 0; output < 5; output++)
            {
                double[] a = [.. Enumerable.Range(0, Events).Select(i => theirs.X[(5 * i) + output])], b = [.. Enumerable.Range(0, Events).Select(i => ours.X[(5 * i) + output])];
                Assert.InRange((a.Average() - b.Average()) / Math.Sqrt((Variance(a) + Variance(b)) / Events), -5, 5);
            }
        }

        static double Variance(double[] values) => values.Average(v => v * v) - (values.Average() * values.Average());
    }

    // Two moons: given theta, the radius of a point is normal and its angle uniform, so that (r - 0.1) / 0.01 and its square, and the angle and its square, have known means.
    [PythonFact]
    public void PythonTwoMoons_RadiusAndAngle_FollowTheirLaws()
    {
        const int Events = 4000;
        using Study study = Study.Load(Path.Combine(RepositoryRoot.Path, "studies", "python-two-moons"), new ToyCatalog());
        double[] theta = [.. Enumerable.Repeat(new[] { 0.3, -0.6 }, Events).SelectMany(t => t)];
        double[] x = new SimulationRunner(study.Simulator).Run(theta, 0, new Rng(3)).X;
        double[] u = [.. Enumerable.Range(0, Events).Select(i => x[2 * i] - 0.25 + (0.3 / Math.Sqrt(2)))], v = [.. Enumerable.Range(0, Events).Select(i => x[(2 * i) + 1] + (0.9 / Math.Sqrt(2)))];
        double[] z = [.. u.Zip(v, (a, b) => (Math.Sqrt((a * a) + (b * b)) - 0.1) / 0.01)], angle = [.. u.Zip(v, (a, b) => Math.Atan2(b, a) / Math.PI)];

        // Within 5 standard errors, 1 to 10^6 for each of four: variances of z and z² are 1 and 2, of a uniform number of width 1 and of its square 1/12 and 1/180.
        double root = Math.Sqrt(Events);
        Assert.InRange(z.Average() * root, -5, 5);
        Assert.InRange((z.Average(a => a * a) - 1) * root / Math.Sqrt(2), -5, 5);
        Assert.InRange(angle.Average() * root / Math.Sqrt(1.0 / 12), -5, 5);
        Assert.InRange((angle.Average(a => a * a) - (1.0 / 12)) * root / Math.Sqrt(1.0 / 180), -5, 5);
    }

    private ProgramOptions Cpp(string source)
    {
        File.Copy(Path.Combine(RepositoryRoot.Path, "clients", "cpp", "quincunx.hpp"), _case.Scratch["quincunx.hpp"]);
        _case.Scratch.Write("sim.cpp", source);
        return new ProgramOptions
        {
            Command = ["{build}/sim"],
            Build = ["g++", "-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror", "-o", "{build}/sim", "sim.cpp"],
            Files = ["sim.cpp", "quincunx.hpp"],
            Folder = _case.Scratch.Path,
            File = "study.yaml",
            Workers = 2,
        };
    }
}

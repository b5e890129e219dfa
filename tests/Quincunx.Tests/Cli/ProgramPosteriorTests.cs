using System.Globalization;
using System.Text.RegularExpressions;
using Quincunx.Cli;
using Quincunx.Tests.Cases;
using Quincunx.Tests.Conventions;

namespace Quincunx.Tests.Cli;

/// <summary>The studies whose simulators are programs, made small, end in the posteriors that the same studies of built-in simulators end in.</summary>
/// <remarks>
/// Parameters are the same, but random numbers inside the simulators are not, so posteriors differ by what two trainings on different simulations do. That is measured: each of <see cref="Seeds"/> trainings gives a
/// number, and the means over both sorts are compared by their own standard errors. Student's t with 2 · 4 − 2 degrees of freedom is beyond 8 with probability 2·10⁻⁴ (Hill 1970, Commun. ACM 13, 617).
/// </remarks>
[Trait("Category", "Slow")]
public sealed class ProgramPosteriorTests
{
    private const int Seeds = 4;
    private const double Bound = 8;

    [PythonFact]
    public void Posterior_OfTwoMoonsInPython_IsThatOfTheBuiltInSimulator() => Compare(
        "python-two-moons",
        "two-moons",
        // The posterior is two crescents, mirrored at theta_1 = -theta_2. These have one each.
        theta => [Math.Abs(theta[0] + theta[1]), theta[1] - theta[0]]);

    [ToolFact("g++")]
    public void Posterior_OfTheQueueInCpp_IsThatOfTheBuiltInSimulator() => Compare("cpp-queue", "mg1", theta => theta[..3]);

    private static void Compare(string study, string simulator, Func<double[], double[]> quantities)
    {
        using var cli = new CliCase { Stages = (s, engine) => StudyPlan.Of(s, engine, TimeProvider.System) };
        string text = Small(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "studies", study, "study.yaml")));
        cli.Scratch.Write("program/study.yaml", text);
        foreach (string file in Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "studies", study)).Where(f => Path.GetExtension(f) != ".yaml"))
        {
            File.Copy(file, cli["program/" + Path.GetFileName(file)]);
        }

        cli.Scratch.Write("built-in/study.yaml", Regex.Replace(text, "simulator:\n(  .*\n)+", $"simulator: {simulator}\n", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)));
        double[][] program = Moments(cli, "program", quantities), builtIn = Moments(cli, "built-in", quantities);
        for (int i = 0; i < program[0].Length; i++)
        {
            double[] ours = [.. program.Select(m => m[i])], theirs = [.. builtIn.Select(m => m[i])];
            double error = Math.Sqrt((Squares(ours) + Squares(theirs)) / (2 * Seeds - 2) * 2 / Seeds);
            Assert.True(
                Math.Abs(ours.Average() - theirs.Average()) < Bound * error,
                string.Create(CultureInfo.InvariantCulture, $"moment {i}: {ours.Average():G4} of the program, {theirs.Average():G4} of the built-in simulator, {error:G2} standard error"));
        }
    }

    private static string Small(string text)
    {
        string small = Regex.Replace(text, "inference:\n(  .*\n)+", """
            inference:
              simulations: 800
              flow: { kind: affine-autoregressive, transforms: 3, hidden: [32] }
              training: { batch: 50, learning-rate: 2e-3, max-epochs: 15 }
            diagnostics: { sbc: 20, sbc-draws: 20, predictive: 20 }
            posterior: { draws: 1000 }

            """, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
        Assert.NotEqual(text, small);
        return small;
    }

    // For each seed the means and the deviations of the quantities.
    private static double[][] Moments(CliCase cli, string study, Func<double[], double[]> quantities) =>
    [
        .. Enumerable.Range(1, Seeds).Select(seed =>
        {
            string run = string.Create(CultureInfo.InvariantCulture, $"{study}-{seed}");
            int code = cli.Run("run", study, "--seed", seed.ToString(CultureInfo.InvariantCulture), "--out", run, "--quiet");
            Assert.True(code is ExitCode.Success or ExitCode.DoNotTrust, cli.Error);
            double[][] draws = [.. File.ReadLines(cli[run + "/posterior.csv"]).Skip(1).Select(l => quantities([.. l.Split(',').Select(c => double.Parse(c, CultureInfo.InvariantCulture))]))];
            double[][] columns = [.. Enumerable.Range(0, draws[0].Length).Select(i => draws.Select(d => d[i]).ToArray())];
            return columns.Select(c => c.Average()).Concat(columns.Select(c => Math.Sqrt(Squares(c) / (c.Length - 1)))).ToArray();
        }),
    ];

    private static double Squares(double[] values)
    {
        double mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean));
    }
}

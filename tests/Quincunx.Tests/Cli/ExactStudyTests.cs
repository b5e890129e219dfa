using System.Text.Json;
using Quincunx.Inference.Simulation;
using Quincunx.Physics;
using Quincunx.Physics.Electroweak;
using Quincunx.Tests.Conventions;

namespace Quincunx.Tests.Cli;

/// <summary>Studies of the repository with one parameter, whose posterior a quadrature gives.</summary>
public sealed class ExactStudyTests
{
    [Theory, Trait("Category", "Slow")]
    [InlineData("galton", -1, -0.4), InlineData("weinberg", 0.1, 0.4)]
    public void Run_AStudyOfOneParameter_IsTrustedAndRight(string name, double lower, double upper)
    {
        using var cli = new CliCase { Stages = Quincunx.Cli.StudyPlan.Of };
        Assert.Equal(0, cli.Run("run", Path.Combine(RepositoryRoot.Path, "studies", name)));
        Assert.Contains("\nVerdict: trusted\n", cli.Output, StringComparison.Ordinal);
        JsonElement result = JsonDocument.Parse(File.ReadAllText(cli[Path.Combine("runs", name, "metrics.json")])).RootElement.GetProperty("parameters")[0];

        // Under the uniform prior, by the midpoint rule.
        const int Cells = 4_000;
        double[] theta = [.. Enumerable.Range(0, Cells).Select(i => lower + ((upper - lower) * (i + 0.5) / Cells))], weights = Weights(name, theta);
        double total = weights.Sum(), mean = theta.Zip(weights, (t, w) => t * w).Sum() / total;
        double variance = theta.Zip(weights, (t, w) => (t - mean) * (t - mean) * w).Sum() / total, fourth = theta.Zip(weights, (t, w) => Math.Pow(t - mean, 4) * w).Sum() / total;
        double ess = result.GetProperty("ess").GetDouble(), sd = Math.Sqrt(variance);
        Assert.InRange(ess, 2_000, double.PositiveInfinity);

        // Draws that are weighted to the exact posterior: mean and standard deviation within 4.5 of their errors.
        Assert.Equal(mean, result.GetProperty("mean").GetDouble(), 4.5 * sd / Math.Sqrt(ess));
        Assert.Equal(sd, result.GetProperty("sd").GetDouble(), 4.5 * Math.Sqrt((fourth - (variance * variance)) / ess) / (2 * sd));
    }

    private static double[] Weights(string name, double[] theta)
    {
        var likelihood = (ILikelihood)SimulatorCatalog.Create(name);
        double[] observed = name switch
        {
            "galton" => [22],
            _ => [.. MuonAsymmetries.Measured.Select(m => m.Percent)],
        };
        double[] logs = [.. theta.Select(t => likelihood.LogLikelihood([t], observed))];
        return [.. logs.Select(l => Math.Exp(l - logs.Max()))];
    }
}

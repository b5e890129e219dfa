using Quincunx.Inference.Distributions;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Cases;

namespace Quincunx.Tests.Inference.Samplers;

/// <summary>Targets that no sampler can be right about: each sampler ends by itself, with finite draws or with a reason.</summary>
public sealed class SamplerTroubleTests
{
    private const int Dimension = 2;

    private static readonly Dictionary<string, GradientFunctionTarget> Targets = new()
    {
        ["flat everywhere"] = Of((_, _) => 0),
        ["rising without end"] = Of((z, g) => g[0] = z[0]),
        ["an edge"] = Of((z, _) => z[0] < 0 ? double.NegativeInfinity : 0),
        ["a spike"] = Of((z, g) => Normal(z, g, 1e-7)),
        ["a spike too narrow for float64"] = Of((z, g) => Normal(z, g, 1e-200)),
        ["wider than float64"] = Of((z, g) => Normal(z, g, 1e200)),
        ["an infinite peak"] = Of((z, _) => z[0] > 0.5 ? double.PositiveInfinity : -0.5 * ((z[0] * z[0]) + (z[1] * z[1]))),
        ["gradients that are not numbers"] = Of((z, g) =>
        {
            double log = Normal(z, new double[Dimension], 1);
            g.Fill(z[0] > 1 ? double.NaN : 0);
            return log;
        }),
        ["gradients of the wrong sign"] = Of((z, g) =>
        {
            double log = Normal(z, g, 1);
            (g[0], g[1]) = (-g[0], -g[1]);
            return log;
        }),
        ["holes"] = Of((z, g) => Math.Floor(z[0] * 1e3) % 2 == 0 ? double.NaN : Normal(z, g, 1)),
    };

    private delegate (SamplerStop Stop, double[] Points, IReadOnlyList<string> Warnings) Runner(GradientFunctionTarget target);

    private static readonly Dictionary<string, Runner> Samplers = Runners();

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string sampler in Samplers.Keys)
            {
                foreach (string target in Targets.Keys)
                {
                    data.Add(sampler, target);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public Task Run_OnATargetThatIsNone_Ends(string sampler, string target) => Patience.Within(() =>
    {
        (SamplerStop stop, double[] points, IReadOnlyList<string> warnings) = Samplers[sampler](Targets[target]);
        Assert.All(points, p => Assert.True(double.IsFinite(p), $"{p}"));
        Assert.True(stop == SamplerStop.Completed ? points.Length > 0 : warnings.Count > 0, $"{stop} with {points.Length / Dimension} draws and {warnings.Count} warnings");
    });

    // Mass that is not there: what is drawn then is no posterior, and the result must not pass for one.
    [Theory]
    [InlineData("slice")]
    [InlineData("nuts")]
    [InlineData("hmc")]
    [InlineData("metropolis")]
    [InlineData("ensemble")]
    public Task Run_OnADensityRisingWithoutEnd_IsNotCalledSound(string sampler) => Patience.Within(() => Assert.NotEmpty(Samplers[sampler](Targets["rising without end"]).Warnings));

    private static Dictionary<string, Runner> Runners()
    {
        const int Draws = 100;
        var runners = new Dictionary<string, Runner>();
        foreach ((string name, SamplerRun run) in SamplerCases.All)
        {
            runners.Add(name, target => Of(run(target, ChainStarts.Uniform(target, 4, new Rng(1)), new Rng(2), Draws, Draws)));
        }

        runners.Add("ensemble", target => Of(EnsembleSampler.Run(target, ChainStarts.Uniform(target, 8, new Rng(1)), new Rng(2), new EnsembleOptions { Warmup = Draws, Draws = Draws })));

        // These take the target for the likelihood of a normal prior.
        var prior = new IndependentProduct([.. Enumerable.Range(0, Dimension).Select(i => ($"z[{i}]", (IDistribution)new Normal(0, 1)))]);
        runners.Add("elliptical slice", target => Of(EllipticalSlice.Run(
            target, new MultivariateNormal(new double[Dimension], [1, 0, 0, 1]), ChainStarts.Uniform(target, 4, new Rng(1)), new Rng(2), new EllipticalSliceOptions { Warmup = Draws, Draws = Draws })));
        runners.Add("tempering", target => Of(ParallelTempering.Run(target, prior, new Rng(2), new TemperingOptions { Warmup = Draws, Draws = Draws }).Chains));
        runners.Add("smc", target =>
        {
            SmcResult result = SequentialMonteCarlo.Run(target, prior, new Rng(2), new SmcOptions { Particles = Draws });
            return (result.StopReason, result.Points.ToArray(), result.Warnings);
        });
        runners.Add("nested", target =>
        {
            NestedResult result = NestedSampling.Run(target, prior, new Rng(2), new NestedOptions { LivePoints = Draws, MaxEvaluations = 200_000 });
            return (result.StopReason, result.Points.ToArray(), result.Warnings);
        });
        return runners;
    }

    private static (SamplerStop, double[], IReadOnlyList<string>) Of(ChainResult result) => (result.StopReason, result.Points.ToArray(), result.Warnings);

    private static GradientFunctionTarget Of(LogDensityGradient density) => new(Dimension, (z, gradient) =>
    {
        gradient.Clear();
        return density(z, gradient);
    });

    private static double Normal(ReadOnlySpan<double> z, Span<double> gradient, double sd)
    {
        double log = 0;
        for (int j = 0; j < z.Length; j++)
        {
            double r = z[j] / sd;
            log -= 0.5 * r * r;
            gradient[j] = -r / sd;
        }

        return log;
    }
}

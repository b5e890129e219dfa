using Quincunx.Inference.ScoreModels;

namespace Quincunx.Tests.Inference.ScoreModels;

public sealed class NoiseScheduleTests
{
    public static TheoryData<NoisePath> Paths => [.. Enum.GetValues<NoisePath>()];

    [Theory, MemberData(nameof(Paths))]
    public void Rates_AreCentralDifferences(NoisePath path)
    {
        var schedule = new NoiseSchedule(path);
        foreach (double t in new[] { 0.01, 0.2, 0.5, 0.9, 0.99 })
        {
            NoiseSchedule.Point at = schedule.At(t), up = schedule.At(t + 1e-6), down = schedule.At(t - 1e-6);
            Assert.Equal((up.Alpha - down.Alpha) / 2e-6, at.AlphaRate, 1e-6 * (1 + Math.Abs(at.AlphaRate)));
            Assert.Equal((up.Sigma - down.Sigma) / 2e-6, at.SigmaRate, 1e-6 * (1 + Math.Abs(at.SigmaRate)));
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Angle_RisesFromTheParametersToTheNoise(NoisePath path)
    {
        var schedule = new NoiseSchedule(path);
        double[] angles = [.. Enumerable.Range(0, 101).Select(i => schedule.Angle(schedule.First + ((1 - schedule.First) * i / 100)))];
        Assert.All(angles.Skip(1).Zip(angles), pair => Assert.True(pair.First > pair.Second));
        Assert.InRange(angles[0], 0, 0.0021);
        Assert.InRange(angles[^1], (0.5 * Math.PI) - 0.0201, 0.5 * Math.PI);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void Diffusion_IsThatOfThePaper(double t)
    {
        // Song et al. 2021, table of appendix B and equation 29: f = -β/2; g² = β, β (1 - exp(-2 ∫β)), and dσ²/dt where variance explodes.
        double beta = 0.1 + (19.9 * t), integral = (0.1 * t) + (9.95 * t * t);
        NoiseSchedule.Point preserving = new NoiseSchedule(NoisePath.VariancePreserving).At(t), below = new NoiseSchedule(NoisePath.SubVariancePreserving).At(t);
        NoiseSchedule.Point exploding = new NoiseSchedule(NoisePath.VarianceExploding).At(t);
        Assert.Equal(-0.5 * beta, preserving.Drift, 1e-12 * beta);
        Assert.Equal(beta, preserving.SquaredDiffusion, 1e-12 * beta);
        Assert.Equal(-0.5 * beta, below.Drift, 1e-12 * beta);
        Assert.Equal(beta * (1 - Math.Exp(-2 * integral)), below.SquaredDiffusion, 1e-12 * beta);
        Assert.Equal(0, exploding.Drift);
        Assert.Equal(2 * Math.Log(25_000) * exploding.Sigma * exploding.Sigma, exploding.SquaredDiffusion, 1e-9 * exploding.SquaredDiffusion);
    }
}

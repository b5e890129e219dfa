using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Oscillators;

namespace Quincunx.Tests.Physics.Oscillators;

public sealed class DampedOscillatorTests
{
    private static readonly double[] Theta = [5, 0.3, 2];

    [Fact]
    public void Displacement_ObeysItsEquation()
    {
        const double H = 1e-4;
        foreach (double t in (double[])[2.1, 2.7, 4, 6.5])
        {
            double y = At(t), velocity = (At(t + H) - At(t - H)) / (2 * H), acceleration = (At(t + H) - (2 * y) + At(t - H)) / (H * H);
            Assert.Equal(0, acceleration + (2 * 0.3 * 5 * velocity) + (25 * y), 1e-5);
        }

        // At rest before the stroke, which gives it unit velocity.
        Assert.Equal(0, At(1.9));
        Assert.Equal(0, At(2));
        Assert.Equal(1, At(2 + 1e-7) / 1e-7, 1e-6);

        static double At(double t) => DampedOscillator.Displacement(Theta, t);
    }

    // To strike later by whole intervals moves the mean by as many places, and the likelihood with it.
    [Fact]
    public void LogLikelihood_StrokeAndDataMoved_IsTheSame()
    {
        var model = new DampedOscillator(points: 101, endSeconds: 10);
        var rng = new Rng(3);
        double[] x = new double[101], later = new double[101];
        for (int i = 10; i < 91; i++)
        {
            x[i] = DampedOscillator.Displacement([5, 0.3, 1.05], 0.1 * i) + (0.02 * rng.NextNormal());
            later[i + 7] = x[i];
        }

        // Beyond the window the moved data are 0, where the oscillator has rested or come to rest: e^(-1.5 × 8) of its swing.
        Assert.Equal(model.LogLikelihood([5, 0.3, 1.05], x), model.LogLikelihood([5, 0.3, 1.75], later), 1e-3);
    }

    [Fact]
    public void Simulate_ManyEvents_HaveMeanAndNoise()
    {
        const int Events = 2_000;
        var model = new DampedOscillator(points: 50);
        double[] x = new double[50], sum = new double[50];
        double squares = 0;
        for (int i = 0; i < Events; i++)
        {
            ((ISimulator)model).Simulate(Theta, x, new Rng(2).Split(i));
            for (int k = 0; k < 50; k++)
            {
                double residual = x[k] - DampedOscillator.Displacement(Theta, 10.0 * k / 49);
                sum[k] += residual;
                squares += residual * residual;
            }
        }

        Assert.All(sum, s => Assert.Equal(0, s / Events, 4.5 * 0.02 / Math.Sqrt(Events)));
        Assert.Equal(0.0004, squares / (50 * Events), 4 * 0.0004 * Math.Sqrt(2.0 / (50 * Events)));
    }

    [Fact]
    public void LogLikelihood_OfItsOwnEvent_IsTheRecordedDensity()
    {
        TraceRecord record = RecordingTrace.Run(new DampedOscillator(40), Theta, new Rng(4));
        Assert.Equal(record.LogProb, new DampedOscillator(40).LogLikelihood(Theta, record.X), 1e-11);
    }

    [Theory]
    [InlineData(0, 0.3, 2), InlineData(5, 1, 2), InlineData(5, -0.1, 2), InlineData(5, 0.3, double.NaN), InlineData(double.PositiveInfinity, 0.3, 2)]
    public void AnyCall_ParameterOutOfRange_Throws(double frequency, double damping, double stroke)
    {
        Assert.Throws<ArgumentException>(() => DampedOscillator.Displacement([frequency, damping, stroke], 1));
        Assert.Throws<ArgumentException>(() => new DampedOscillator(2).LogLikelihood([frequency, damping, stroke], new double[2]));
        Assert.Throws<ArgumentException>(() => ((ISimulator)new DampedOscillator(2)).Simulate([frequency, damping, stroke], new double[2], new Rng(1)));
    }

    [Fact]
    public void Constructor_BadSettings_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DampedOscillator(1));
        Assert.Throws<ArgumentException>(() => new DampedOscillator(2, endSeconds: 0));
        Assert.Throws<ArgumentException>(() => new DampedOscillator(2, noise: double.NaN));
        Assert.Throws<ArgumentException>(() => new DampedOscillator(2).LogLikelihood(Theta, new double[3]));
    }
}

using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Numerics.Autodiff.Forward;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Physics;

/// <summary>Gives a program the choices of a recorded event and adds up their log-densities under its own parameters.</summary>
internal struct ReplayTrace<TReal>(TraceRecord record) : ITrace<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    public TReal LogProb { get; private set; } = TReal.Zero;

    public int Choices { get; private set; }

    public TReal Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<TReal>, allows ref struct
    {
        double value = record[site];
        LogProb += law.LogProb(value);
        Choices++;
        return TReal.CreateTruncating(value);
    }

    public readonly TReal Let(Site site, TReal value) => value;
}

/// <summary>log p(x, z | theta) of recorded events as a function of theta, and its derivatives.</summary>
internal static class JointDensity
{
    /// <summary>log p(x, z | theta) of the event, at any theta.</summary>
    public static double LogProb(IMechanism mechanism, TraceRecord record, double[] theta) => Replay<double>(mechanism, record, theta);

    /// <summary>d/dθ log p(x, z | theta) by dual numbers, four parameters at most.</summary>
    public static double[] Score(IMechanism mechanism, TraceRecord record, double[] theta)
    {
        double[] score = new double[theta.Length];
        Replay<Dual<Tangent4>>(mechanism, record, [.. theta.Select((value, i) => Dual<Tangent4>.Variable(value, i))]).CopyDerivatives(score);
        return score;
    }

    /// <summary>
    /// Asserts that the joint density of a few events is the one recorded, that its score is its slope by central differences, and that the mean of the score
    /// over many events is 0 within 4.5 standard errors.
    /// </summary>
    public static void AssertScores(IMechanism mechanism, double[] theta, int events, double relativeStep = 1e-5, double tolerance = 1e-6)
    {
        double[] sum = new double[theta.Length], squares = new double[theta.Length];
        for (int i = 0; i < events; i++)
        {
            TraceRecord record = RecordingTrace.Run(mechanism, theta, new Rng(101).Split(i));
            double[] score = Score(mechanism, record, theta);
            for (int j = 0; j < theta.Length; j++)
            {
                sum[j] += score[j];
                squares[j] += score[j] * score[j];
            }

            if (i >= 10)
            {
                continue;
            }

            double[] x = new double[record.X.Length];
            var trace = new ReplayTrace<double>(record);
            mechanism.Run(theta, x, ref trace);
            Assert.Equal(record.X, x);
            Assert.Equal(record.LogProb, trace.LogProb, 1e-9 * (1 + Math.Abs(record.LogProb)));
            for (int j = 0; j < theta.Length; j++)
            {
                double h = relativeStep * (1 + Math.Abs(theta[j])), difference = (Shifted(record, j, h) - Shifted(record, j, -h)) / (2 * h);
                Assert.Equal(difference, score[j], tolerance * (1 + Math.Abs(difference)));
            }
        }

        for (int j = 0; j < theta.Length; j++)
        {
            double sd = Math.Sqrt((squares[j] / events) - (sum[j] / events * (sum[j] / events)));
            Assert.True(sd > 0, $"theta[{j}] has no part in any choice");
            Assert.Equal(0, sum[j] / events, 4.5 * sd / Math.Sqrt(events));
        }

        double Shifted(TraceRecord record, int j, double step) => LogProb(mechanism, record, [.. theta.Select((value, k) => k == j ? value + step : value)]);
    }

    private static TReal Replay<TReal>(IMechanism mechanism, TraceRecord record, ReadOnlySpan<TReal> theta)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        var trace = new ReplayTrace<TReal>(record);
        mechanism.Run(theta, new TReal[record.X.Length], ref trace);
        Assert.True(trace.Choices > 0);
        return trace.LogProb;
    }
}

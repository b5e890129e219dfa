using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Equivariance;

/// <summary>q(ĝ | x) q(theta | x, ĝ) of parameters followed by a blurred pose, normalised over both.</summary>
/// <remarks>q(ĝ | x) is the mean over chains of the blur's density p(ĝ | thetaₖ): what p(ĝ | x) is by its definition, with draws of the posterior in place of it. So nothing is fitted, where Dax et al. train a flow on draws of ĝ.</remarks>
internal sealed class JointPosePosterior(IPosedPosterior posterior, PoseKernel kernel, double[] x, double[] chains) : IPosterior
{
    private readonly int _d = posterior.Dimension, _p = kernel.Group.PoseDimension;

    public int Dimension => _d + _p;

    public bool IsNormalised => true;

    private int Chains => chains.Length / _d;

    public void Sample(Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int n = EquivariantPosterior.Rows(thetas.Length, Dimension);
        double[] poses = new double[n * _p], drawn = new double[n * _d];
        for (int i = 0; i < n; i++)
        {
            int k = (int)(rng.NextDouble() * Chains);
            kernel.Blur(chains.AsSpan(k * _d, _d), poses.AsSpan(i * _p, _p), rng);
        }

        posterior.Sample(x, poses, drawn, rng);
        for (int i = 0; i < n; i++)
        {
            drawn.AsSpan(i * _d, _d).CopyTo(thetas[(i * Dimension)..]);
            poses.AsSpan(i * _p, _p).CopyTo(thetas[((i * Dimension) + _d)..]);
        }
    }

    public void LogProb(ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        int n = logProbs.Length;
        EquivariantPosterior.CheckRows(thetas.Length, Dimension, n);
        double[] poses = new double[n * _p], own = new double[n * _d], logs = new double[n], logPoses = new double[n];
        for (int i = 0; i < n; i++)
        {
            thetas.Slice(i * Dimension, _d).CopyTo(own.AsSpan(i * _d));
            thetas.Slice((i * Dimension) + _d, _p).CopyTo(poses.AsSpan(i * _p));
        }

        // A pose that is not a number moves data to nowhere: such rows are NaN and are evaluated at the first chain's.
        bool[] isNumber = [.. Enumerable.Range(0, n).Select(i => poses.AsSpan(i * _p, _p).ContainsAnyExceptInRange(-double.MaxValue, double.MaxValue) is false)];
        for (int i = 0; i < n; i++)
        {
            if (!isNumber[i])
            {
                kernel.Group.PoseOf(chains.AsSpan(0, _d), poses.AsSpan(i * _p, _p));
            }
        }

        posterior.LogProb(x, n == 1 ? poses.AsSpan(0, _p) : poses, own, logs);
        Parallel.For(0, n, i => logPoses[i] = LogPose(poses.AsSpan(i * _p, _p)));
        for (int i = 0; i < n; i++)
        {
            logProbs[i] = isNumber[i] ? logs[i] + logPoses[i] : double.NaN;
        }
    }

    private double LogPose(ReadOnlySpan<double> pose)
    {
        double largest = double.NegativeInfinity, sum = 0;
        for (int k = 0; k < Chains; k++)
        {
            double log = kernel.LogProb(chains.AsSpan(k * _d, _d), pose);
            if (log > largest)
            {
                (sum, largest) = ((sum * Math.Exp(largest - log)) + 1, log);
            }
            else if (!double.IsNegativeInfinity(log))
            {
                sum += Math.Exp(log - largest);
            }
        }

        return largest + Math.Log(sum) - Math.Log(Chains);
    }
}

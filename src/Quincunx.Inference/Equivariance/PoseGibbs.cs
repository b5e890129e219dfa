using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Equivariance;

/// <summary>Gibbs iteration between theta ~ q(theta | x, ĝ) and ĝ ~ p(ĝ | theta), many chains at once.</summary>
/// <remarks>Dax et al. 2022, arXiv:2111.13139. A draw outside the prior's support is drawn again: the conditional of a symmetry that the prior breaks by its bounds alone is the unbounded one, truncated.</remarks>
internal static class PoseGibbs
{
    // Chains whose history is kept. Looks at it become rarer, since each costs more than the last.
    private const int Tracked = 128, FewestBetweenLooks = 4;
    private const double LookGrowth = 1.15;

    /// <param name="rng">Split, not advanced.</param>
    public static GibbsResult Run(
        IPosedPosterior posterior, PoseKernel kernel, IReadOnlyList<Support> prior, ReadOnlySpan<double> x, int chains, GibbsOptions options, Rng rng, CancellationToken cancel)
    {
        int d = posterior.Dimension, p = kernel.Group.PoseDimension;
        double[] poses = new double[chains * p], thetas = new double[chains * d];
        Start(posterior, kernel, x, poses, options, rng.Split("start"));
        var history = new List<double[]>();
        long redrawn = 0, replaced = 0;
        double rHat = double.NaN;
        int look = options.MinIterations;
        for (int iteration = 1; ; iteration++)
        {
            cancel.ThrowIfCancellationRequested();
            Rng own = rng.Split(iteration);
            bool[] inside = DrawInside(posterior, prior, x, poses, thetas, options.MaxRedraws, own.Split("theta"), ref redrawn);
            if (!inside.Contains(true))
            {
                return new GibbsResult { StopReason = GibbsStop.OutsidePrior, Iterations = iteration, RHat = rHat, Redrawn = redrawn, Replaced = replaced, Thetas = [], Poses = [] };
            }

            replaced += Replace(inside, poses, thetas, own.Split("replace"));
            history.Add(PosesOf(kernel.Group, thetas, Math.Min(chains, Tracked)));
            if (iteration == look || iteration == options.MaxIterations)
            {
                rHat = RHat(history, p);
                look = Math.Max(look + FewestBetweenLooks, (int)(look * LookGrowth));
            }

            if (rHat <= options.RHat || iteration == options.MaxIterations)
            {
                return new GibbsResult
                {
                    StopReason = rHat <= options.RHat ? GibbsStop.Converged : GibbsStop.IterationsExhausted,
                    Iterations = iteration,
                    RHat = rHat,
                    Redrawn = redrawn,
                    Replaced = replaced,
                    Thetas = thetas,
                    Poses = poses,
                };
            }

            for (int i = 0; i < chains; i++)
            {
                kernel.Blur(thetas.AsSpan(i * d, d), poses.AsSpan(i * p, p), own.Split("blur").Split(i));
            }
        }
    }

    private static void Start(IPosedPosterior posterior, PoseKernel kernel, ReadOnlySpan<double> x, double[] poses, GibbsOptions options, Rng rng)
    {
        if (options.Guess is not { } guess)
        {
            posterior.Start(x, poses, rng);
            return;
        }

        double[] pose = [.. guess];
        for (int i = 0; i < poses.Length; i += pose.Length)
        {
            kernel.BlurPose(pose, poses.AsSpan(i, pose.Length), rng.Split(i));
        }
    }

    private static bool[] DrawInside(
        IPosedPosterior posterior, IReadOnlyList<Support> prior, ReadOnlySpan<double> x, double[] poses, double[] thetas, int redraws, Rng rng, ref long redrawn)
    {
        int d = prior.Count, chains = thetas.Length / d, p = poses.Length / chains;
        bool[] inside = new bool[chains];
        posterior.Sample(x, poses, thetas, rng.Split(0));
        int[] left = [.. Mark(Enumerable.Range(0, chains))];
        for (int attempt = 1; attempt <= redraws && left.Length > 0; attempt++)
        {
            redrawn += left.Length;
            double[] own = new double[left.Length * p], drawn = new double[left.Length * d];
            for (int j = 0; j < left.Length; j++)
            {
                poses.AsSpan(left[j] * p, p).CopyTo(own.AsSpan(j * p));
            }

            posterior.Sample(x, own, drawn, rng.Split(attempt));
            for (int j = 0; j < left.Length; j++)
            {
                drawn.AsSpan(j * d, d).CopyTo(thetas.AsSpan(left[j] * d));
            }

            left = [.. Mark(left)];
        }

        return inside;

        // Marks the chains that are inside and gives the others.
        List<int> Mark(IEnumerable<int> candidates)
        {
            List<int> outside = [];
            foreach (int i in candidates)
            {
                inside[i] = Contains(prior, thetas.AsSpan(i * d, d));
                if (!inside[i])
                {
                    outside.Add(i);
                }
            }

            return outside;
        }
    }

    private static bool Contains(IReadOnlyList<Support> prior, ReadOnlySpan<double> theta)
    {
        for (int i = 0; i < theta.Length; i++)
        {
            if (!prior[i].Contains(theta[i]))
            {
                return false;
            }
        }

        return true;
    }

    // A lost chain takes the state of one that is not.
    private static int Replace(bool[] inside, double[] poses, double[] thetas, Rng rng)
    {
        int[] healthy = [.. Enumerable.Range(0, inside.Length).Where(i => inside[i])];
        int d = thetas.Length / inside.Length, p = poses.Length / inside.Length;
        for (int i = 0; i < inside.Length; i++)
        {
            if (!inside[i])
            {
                int other = healthy[(int)(rng.NextDouble() * healthy.Length)];
                thetas.AsSpan(other * d, d).CopyTo(thetas.AsSpan(i * d));
                poses.AsSpan(other * p, p).CopyTo(poses.AsSpan(i * p));
            }
        }

        return inside.Length - healthy.Length;
    }

    private static double[] PosesOf(IPoseGroup group, double[] thetas, int chains)
    {
        double[] poses = new double[chains * group.PoseDimension];
        for (int i = 0; i < chains; i++)
        {
            group.PoseOf(thetas.AsSpan(i * group.Dimension, group.Dimension), poses.AsSpan(i * group.PoseDimension, group.PoseDimension));
        }

        return poses;
    }

    private static double RHat(List<double[]> history, int p)
    {
        double[][] late = [.. history.Skip(history.Count / 2)];
        int chains = late[0].Length / p;
        return Enumerable.Range(0, p).Max(j => SplitRHat.RankNormalised([.. Enumerable.Range(0, chains).Select(c => late.Select(poses => poses[(c * p) + j]).ToArray())]));
    }
}

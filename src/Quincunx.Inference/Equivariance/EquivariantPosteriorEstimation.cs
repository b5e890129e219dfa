using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Equivariance;

/// <summary>Learns posteriors of parameters with a pose from data that are moved to a standard pose (GNPE: Dax et al. 2022, ICLR, arXiv:2111.13139).</summary>
/// <remarks>
/// With the pose g of theta and a blur ε of known law, ĝ = g ∘ ε. The network learns p(ĝ⁻¹ theta | ĝ⁻¹ x), a problem in which the pose is known up to the blur; Gibbs iteration between theta given ĝ and ĝ given theta finds the pose of an observation.
/// The blur is drawn anew in each epoch, which stretches the simulations.
/// </remarks>
public static class EquivariantPosteriorEstimation
{
    /// <summary>As for <see cref="NeuralPosteriorEstimation.DefaultTraining"/>.</summary>
    public static TrainingOptions DefaultTraining { get; } = NeuralPosteriorEstimation.DefaultTraining;

    /// <summary>Trains two networks on the same simulations: one that reads moved data, and one that says where chains start.</summary>
    /// <param name="group">What moves parameters and data.</param>
    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, drawn from the prior.</param>
    /// <param name="xs">Shape <c>[n, k]</c>, row-major, finite.</param>
    /// <param name="rng">Decides weights, blur, split and order of batches; not advanced.</param>
    /// <param name="progress">Of the network that reads moved data.</param>
    /// <param name="checkpoints">Of the same; the other is trained again where a run is resumed.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support, or the kernel does not fit the group.</exception>
    public static EquivariantResult Train(
        IPoseGroup group,
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        EquivariantOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        PosedRows rows = Check(group, bijection, options);
        int n = PairRows.Count(group.Dimension, thetas, group.Features, xs);
        PairRows.CheckFinite(xs, group.Features, nameof(xs));
        bijection.ToUnconstrained(thetas, new double[thetas.Length]);       // throws for a theta outside

        var pairs = new BlurredPairs(new PoseKernel(group, options.Kernel), rows, thetas.ToArray(), xs.ToArray());
        SupportBijection relative = Relative(group, bijection, options, rows);
        (double[] moved, double[] contexts) = pairs.All(rng.Split("scales"));
        PosteriorCoordinates scales = PosteriorCoordinates.Fit(relative, moved, contexts, rows.Context, groups: options.Network.Observations.ScaleGroups(rows.Context));
        var network = new NeuralPosterior(relative, scales.Theta, scales.X, options.Network, rng.Split("weights"));

        double[] poses = new double[n * group.PoseDimension];
        for (int i = 0; i < n; i++)
        {
            group.PoseOf(thetas.Slice(i * group.Dimension, group.Dimension), poses.AsSpan(i * group.PoseDimension, group.PoseDimension));
        }

        NpeResult start = NeuralPosteriorEstimation.Train(
            new SupportBijection(group.PoseSupports(bijection.Supports)), poses, xs, group.Features, options.Start, training, rng.Split("start"), cancel: cancel);
        TrainingResult result = Trainer.Run(new EquivariantTask(network, pairs, rng.Split("blur")), training, rng.Split("training"), progress, checkpoints, cancel);
        return new EquivariantResult(new EquivariantPosterior(group, bijection, options, rows, network, start.Posterior), result, start.Training);
    }

    /// <summary>Networks of the same shape, to import stored weights into. Group and options, kernel included, are not part of the weights.</summary>
    /// <exception cref="ArgumentException">The group, the support and the kernel do not fit.</exception>
    public static EquivariantPosterior Untrained(IPoseGroup group, SupportBijection bijection, EquivariantOptions options)
    {
        PosedRows rows = Check(group, bijection, options);
        SupportBijection relative = Relative(group, bijection, options, rows), pose = new(group.PoseSupports(bijection.Supports));
        return new EquivariantPosterior(
            group,
            bijection,
            options,
            rows,
            NeuralPosteriorEstimation.Untrained(relative, rows.Context, options.Network),
            NeuralPosteriorEstimation.Untrained(pose, group.Features, options.Start));
    }

    private static PosedRows Check(IPoseGroup group, SupportBijection bijection, EquivariantOptions options)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(options);
        Require.Length(bijection.Dimension, group.Dimension, nameof(bijection));
        options.Checked(group);
        return new PosedRows(group, options.Symmetry);
    }

    private static SupportBijection Relative(IPoseGroup group, SupportBijection bijection, EquivariantOptions options, PosedRows rows) =>
        new(rows.RelativeSupports(bijection.Supports, options.Kernel.Supports));
}

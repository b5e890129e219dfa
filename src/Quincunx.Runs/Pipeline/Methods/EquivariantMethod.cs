using Quincunx.Inference.Equivariance;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>npe</c> of parameters with a pose: a network reads data at a standard pose, and chains find the pose.</summary>
internal sealed class EquivariantMethod : InferenceMethod
{
    private readonly NpeMethod _plain = new();

    public override string Name => _plain.Name;

    public override string Title => "group equivariant neural posterior estimation";

    public override string WithoutDraws => "as after training that diverged, or where no chain finds parameters inside the prior. Lower the learning rate, or look at the simulations for extreme numbers.";

    public override string Improvement => "Use more simulations, a larger or longer trained network, or symmetry: approximate where the symmetry may be none.";

    public override string Loss => "−log q(ĝ⁻¹θ | ĝ⁻¹x)";

    public override bool Proposes => false;

    // By chains whose moves are draws of the network: densities are normalised.
    public override bool Samples => false;

    public override bool Streams => false;

    public override TrainingOptions Training => EquivariantPosteriorEstimation.DefaultTraining;

    public override Estimate Untrained(StudyModel model, NamedTensors state)
    {
        IPoseGroup group = Group(model);
        return Of(EquivariantPosteriorEstimation.Untrained(group, model.Bijection, Settings(model).Options(group, model.Network)), start: null);
    }

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        IPoseGroup group = Group(model);
        EquivariantResult result = EquivariantPosteriorEstimation.Train(
            group, model.Bijection, data.Pairs!.Theta, data.Pairs.X, Settings(model).Options(group, model.Network), options, rng, progress, checkpoints, cancel);
        return (Of(result.Posterior, StartFacts.Of(result.Start)), result.Training);
    }

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        _plain.AddNetwork(model, hash);
        Settings(model).AddTo(hash);
    }

    public override string Describe(StudyModel model) => _plain.Describe(model) + ", of parameters and data that are moved to a standard pose; a second one like it, of the pose, says where chains start";

    private static EquivarianceSettings Settings(StudyModel model) => model.Study.Inference.Equivariance!;

    private static IPoseGroup Group(StudyModel model) => Settings(model).CreateGroup(model.ParameterNames, model.Features);

    // What the network sees of an observation is another number at each pose, so that no output has a scale of its own.
    private static Estimate Of(EquivariantPosterior posterior, StartFacts? start) => new(posterior, Scaling: null, posterior, Start: start);
}

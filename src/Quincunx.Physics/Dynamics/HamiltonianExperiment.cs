using Quincunx.Inference.Experiments;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Dynamics;

/// <summary>Learns the field of a mechanical system from observed coordinates and their rates, by a Hamiltonian network and by a direct one.</summary>
/// <remarks>
/// The experiment of Greydanus, Dzamba and Yosinski 2019, arXiv:1906.01563. It is judged by the true energy along trajectories of the learned fields: the loss on
/// noisy observations is mostly the noise.
/// </remarks>
/// <exception cref="ArgumentException">An option is out of its range.</exception>
public sealed class HamiltonianExperiment(HamiltonianOptions options) : IExperiment
{
    private readonly HamiltonianOptions _options = options.Checked();

    /// <inheritdoc/>
    public int Version => 1;

    private int Coordinates => 2 * _options.System.Degrees;

    private int TrainingRows => (_options.Trajectories - _options.HeldOut) * _options.System.Training.Points;

    /// <returns>Coordinates <c>x</c> and rates <c>dx</c>, each of shape <c>[points, 2 n]</c>: the trajectories to train on, then those held out.</returns>
    /// <inheritdoc/>
    public NamedTensors MakeData(Rng rng, IProgress<ExperimentProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        (double[] x, double[] slopes) = Trajectories.Sample(
            _options.System, _options.Trajectories, _options.Noise, rng, done => progress?.Report(new ExperimentProgress(done, _options.Trajectories, "trajectories")), cancel);
        var shape = new Shape(x.Length / Coordinates, Coordinates);
        return new NamedTensors { { "x", Tensor.From(x, shape) }, { "dx", Tensor.From(slopes, shape) } };
    }

    /// <inheritdoc/>
    public ExperimentTraining Train(
        NamedTensors data, Rng rng, IProgress<TrainingProgress>? progress = null, ITrainingCheckpoints? checkpoints = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(rng);
        (double[] x, double[] slopes) = Rows(data, 0, TrainingRows);
        var networks = new FieldPair(_options.System.Degrees, _options.Width, rng.Split("networks"), DType.Float32);
        var task = new FieldTask(networks, x, slopes, Coordinates, _options.WeightDecay);
        int batches = Math.Max(1, (int)Math.Round(TrainingRows / (double)_options.Batch)), epochs = (_options.Steps + batches - 1) / batches;
        var training = new TrainingOptions
        {
            BatchSize = _options.Batch,
            MaxEpochs = epochs,
            MaxSteps = _options.Steps,
            Patience = epochs + 1,
            ValidationFraction = 0,
            LearningRate = _options.LearningRate,
            ClipNorm = double.PositiveInfinity,
        };
        TrainingResult result = Trainer.Run(task, training, rng.Split("training"), progress, checkpoints, cancel);
        return new ExperimentTraining(ModuleState.Export(networks), result);
    }

    /// <inheritdoc/>
    public ExperimentResult Evaluate(NamedTensors data, NamedTensors weights, Rng rng, IProgress<ExperimentProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(rng);
        var networks = FieldPair.InDouble(_options.System.Degrees, _options.Width, weights);
        TestTrajectories tests = TestTrajectories.Of(_options, networks, rng.Split("tests"), progress, cancel);
        (double[] x, double[] slopes) = Rows(data, TrainingRows, data.Get("x").Shape[0] - TrainingRows);
        double[][] residuals = [.. new IFieldNetwork[] { networks.Hamiltonian, networks.Direct }.Select(network => Residuals(network, x, slopes))];
        return new HamiltonianReport(_options, tests, residuals, Rows(data, 0, Math.Min(TrainingRows, 3 * _options.System.Training.Points)).X).Build();
    }

    private (double[] X, double[] Slopes) Rows(NamedTensors data, int from, int count) =>
        (data.Get("x").Slice(0, from, count).ToArray(), data.Get("dx").Slice(0, from, count).ToArray());

    private double[] Residuals(IFieldNetwork network, double[] x, double[] slopes)
    {
        using var scope = new TensorScope();
        var shape = new Shape(x.Length / Coordinates, Coordinates);
        Tensor found = network.Field(Tensor.From(x, shape).Transpose(), differentiable: false).Transpose();
        return (found - Tensor.From(slopes, shape)).ToArray();
    }
}

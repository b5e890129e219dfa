using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Training;

/// <summary>Steps of stochastic gradient descent on a task: what <see cref="Trainer"/> repeats, for those who arrange their own training.</summary>
/// <remarks>
/// A task that offers <see cref="TrainingTask.Batch"/> is recorded in the first step with a batch size and replayed from then on: such a step allocates
/// nothing on the managed heap. Not thread-safe.
/// </remarks>
public sealed class TrainingStep : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly IOptimiser _optimiser;
    private readonly BatchGradient _batch;

    /// <param name="options">Chunks, threads, clipping, and the optimiser with its weight decay; the rest is the trainer's.</param>
    /// <exception cref="ArgumentException">The task's module has no trained parameters, or an option is out of its range.</exception>
    public TrainingStep(TrainingTask task, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Checked();
        Parameters = ParameterTree.Of(task.Module).Trained;
        if (Parameters.Count == 0)
        {
            throw new ArgumentException("The module has no trained parameters.", nameof(task));
        }

        _optimiser = options.WeightDecay == 0 ? new Adam(Parameters, options.Adam) : new AdamW(Parameters, options.DecayOf(task.Count), options.Adam);
        _batch = new BatchGradient(task, Parameters, options);
    }

    /// <summary>What is trained.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Parts of batches that were differentiated by replaying a recording, of all so far.</summary>
    public long Replays => _batch.Replays;

    /// <summary>Why batches are evaluated and not replayed, after the first step; null where they are replayed.</summary>
    public string? Obstacle => _batch.Obstacle;

    /// <summary>Of the last batch, clipped.</summary>
    internal GradientBuffer Gradient => _batch.Gradient;

    internal IOptimiser Optimiser => _optimiser;

    /// <summary>Differentiates the mean loss of a batch, clips the gradient, and changes the weights if both are finite.</summary>
    /// <param name="rows">Rows of the task.</param>
    /// <param name="rng">What the loss draws from; not advanced.</param>
    public StepOutcome Run(ReadOnlyMemory<int> rows, Rng rng, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(rng);
        double loss = _batch.MeanLoss(rows, rng);
        return Take(loss, _batch.Gradient, learningRate);
    }

    /// <inheritdoc/>
    public void Dispose() => _batch.Dispose();

    /// <summary>The step of a gradient that was computed elsewhere, which is clipped in place.</summary>
    internal StepOutcome Take(double loss, GradientBuffer gradient, double learningRate)
    {
        var outcome = new StepOutcome(loss, double.IsFinite(loss) ? gradient.Clip(_options.ClipNorm) : double.NaN);
        if (outcome.IsTaken)
        {
            _optimiser.Step(gradient.Values, learningRate);
        }

        return outcome;
    }

    internal double MeanEvaluation(ReadOnlyMemory<int> rows, Rng rng) => _batch.MeanEvaluation(rows, rng);
}

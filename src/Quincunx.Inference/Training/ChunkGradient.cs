using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Training;

/// <summary>Loss and gradient of one part of each batch: replayed where the task can be recorded, else evaluated anew.</summary>
internal sealed class ChunkGradient
{
    private readonly LossPart _part;
    private readonly RecordedLosses _recorded;

    /// <param name="dropout">Probability, see <see cref="TrainingOptions.Dropout"/>.</param>
    public ChunkGradient(TrainingTask task, IReadOnlyList<Parameter> parameters, double dropout)
    {
        _part = new LossPart(task, parameters, dropout);
        _recorded = new RecordedLosses([_part]);
    }

    /// <inheritdoc cref="LossPart.Loss"/>
    public double Loss => _part.Loss;

    /// <inheritdoc cref="LossPart.Gradient"/>
    public GradientBuffer Gradient => _part.Gradient;

    /// <inheritdoc cref="RecordedLosses.Replays"/>
    public long Replays => _recorded.Replays;

    /// <summary>Why the loss is evaluated anew each time, or null.</summary>
    public string? Obstacle => _recorded.Obstacle;

    /// <inheritdoc cref="LossPart.Begin"/>
    public void Run(ReadOnlyMemory<int> rows, double share, Rng draws, int chunk)
    {
        _part.Begin(rows, share, draws, chunk);
        if (!_recorded.TryRun())
        {
            _part.Evaluate();
        }
    }
}

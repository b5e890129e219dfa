using Quincunx.Inference.Ensembles;
using Quincunx.Inference.Samplers;
using Quincunx.Inference.Training;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Tells of a fit in the words of the method that makes it: epochs of a network or of several, or iterations of chains of weights.</summary>
/// <param name="networks">Of an ensemble.</param>
internal sealed class FitProgress(StageContext context, TrainingOptions options, int networks) : IProgress<TrainingProgress>, IProgress<EnsembleProgress>, IProgress<SamplerProgress>
{
    private readonly SortedDictionary<int, TrainingProgress> _members = [];
    private int _done;

    // Only along a cosine does training usually go on to the last epoch. Otherwise it ends when patience does, which no rate foretells: a time left until the last epoch would be far too long.
    private bool IsCounted => options.Schedule == RateSchedule.Cosine;

    public void Report(TrainingProgress value)
    {
        TrainingEpoch epoch = value.Latest;
        string? waits = IsCounted ? null
            : $"best {epoch.Epoch - Math.Max(value.BestEpoch, 0)} epochs ago (ends at {options.Patience}), at most {value.MaxEpochs} epochs";
        context.Report(
            epoch.Epoch + 1, IsCounted ? value.MaxEpochs : 0, "epochs", waits, ("loss", epoch.TrainingLoss), ("validation", epoch.ValidationLoss));
    }

    /// <summary>Of all members together. May be called by several threads.</summary>
    public void Report(EnsembleProgress value)
    {
        lock (_members)
        {
            _members[value.Member] = value.Training;

            // Members go on in turn: one that has not been heard of since training began or was resumed is where the slowest of the others was.
            int slowest = _members.Values.Min(m => m.Latest.Epoch);
            _done = Math.Max(_done, _members.Values.Sum(m => m.Latest.Epoch + 1) + ((networks - _members.Count) * slowest));
            context.Report(
                _done, IsCounted ? (double)networks * value.Training.MaxEpochs : 0, "epochs", $"of {networks} networks", ("loss", _members.Values.Average(m => m.Latest.TrainingLoss)),
                ("validation", _members.Values.Average(m => m.Latest.ValidationLoss)));
        }
    }

    public void Report(SamplerProgress value) => context.Report(value.Iteration, value.Iterations, "iterations", null, ("gradients", value.Evaluations));
}

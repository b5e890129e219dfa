using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Training;

/// <summary>One training in progress: everything that changes from epoch to epoch.</summary>
internal sealed partial class TrainingRun : IDisposable
{
    private readonly TrainingTask _task;
    private readonly TrainingOptions _options;
    private readonly Rng _rng;
    private readonly RowPlan _plan;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly ILearningRateSchedule _schedule;
    private readonly WeightAverage? _average;
    private readonly TrainingStep _step;
    private readonly Rng _stream = new(0);
    private readonly Parameter[] _best;
    private readonly List<TrainingEpoch> _history = [];
    private long _steps, _skipped, _skippedInARow;
    private int _bestEpoch = -1;
    private double _bestLoss = double.PositiveInfinity, _firstLoss = double.NaN;
    private EpochSums _epoch;

    public TrainingRun(TrainingTask task, TrainingOptions options, Rng rng)
    {
        _task = task;
        _options = options;
        _rng = rng;
        _plan = RowPlan.Of(task, options, rng);
        _step = new TrainingStep(task, options);
        _parameters = _step.Parameters;
        _schedule = Schedule();
        _average = options.AverageDecay == 0 ? null : new WeightAverage(_parameters, options.AverageDecay);
        _best = [.. _parameters.Select(p => new Parameter(p.Value))];
    }

    private TrainingProgress Progress => new(_history[^1], _options.MaxEpochs, _bestEpoch, _bestLoss);

    /// <summary>Trains one epoch, if there is another.</summary>
    /// <param name="progress">Told of the epoch.</param>
    /// <param name="checkpoints">Where state is kept after it and, where it takes long, inside it; null for nowhere.</param>
    /// <param name="cancel">Checked once a batch.</param>
    /// <returns>What training came to, the best weights being in the module, where there is no other epoch or it was cancelled; else null.</returns>
    public TrainingResult? Advance(IProgress<TrainingProgress>? progress, ITrainingCheckpoints? checkpoints, CancellationToken cancel)
    {
        if (Stop() is StopReason reason)
        {
            return Finish(reason);
        }

        try
        {
            RunEpoch(checkpoints, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Between two steps, so that all that has changed is in the state.
            checkpoints?.Save(Export());
            return Finish(StopReason.Cancelled);
        }

        progress?.Report(Progress);
        if (checkpoints?.IsDue(Progress) == true)
        {
            checkpoints.Save(Export());
        }

        return null;
    }

    public void Dispose()
    {
        _plan.Dispose();
        _step.Dispose();
    }

    /// <summary>Why there is no further epoch, or null if there is one. Decided by the state alone, so that a resumed run agrees.</summary>
    private StopReason? Stop()
    {
        if (_history.Count == 0)
        {
            return null;
        }

        TrainingEpoch last = _history[^1];
        bool mostSkipped = _plan.Batches >= _options.MaxSkippedSteps && 2 * last.Skipped > _plan.Batches;
        bool exploded = last.TrainingLoss > _firstLoss + (_options.ExplosionFactor * (1 + Math.Abs(_firstLoss)));
        if (_skippedInARow >= _options.MaxSkippedSteps || mostSkipped || exploded)
        {
            return StopReason.Diverged;
        }

        if (last.Epoch - Math.Max(_bestEpoch, 0) >= _options.Patience)
        {
            return _bestEpoch < 0 ? StopReason.Diverged : StopReason.Converged;
        }

        return _steps >= _options.MaxSteps ? StopReason.BudgetSteps
            : _history.Count >= _options.MaxEpochs ? StopReason.MaxEpochs
            : null;
    }

    /// <summary>Trains one epoch, or what is left of it, validates, and keeps the weights if they are the best.</summary>
    /// <param name="checkpoints">Asked after each step whether to save.</param>
    private void RunEpoch(ITrainingCheckpoints? checkpoints, CancellationToken cancel)
    {
        int epoch = _history.Count;
        if (_epoch.Batch == 0)
        {
            _epoch.Rate = _schedule.Rate(_steps);
        }

        if (_plan is EpochPlan resident)
        {
            _task.PrepareEpoch(epoch, resident.Training, _rng.Split("rows"));
        }

        Rng draws = _rng.Split("draws").Split(epoch);
        _plan.Begin(epoch, _epoch.Batch);
        while (_epoch.Batch < _plan.Batches && !(_steps >= _options.MaxSteps) && _skippedInARow < _options.MaxSkippedSteps)
        {
            cancel.ThrowIfCancellationRequested();
            RunStep(_plan.Batch(_epoch.Batch, cancel), draws);
            if (checkpoints?.IsDueWithinEpoch() == true && _epoch.Batch < _plan.Batches)
            {
                checkpoints.Save(Export());
            }
        }

        cancel.ThrowIfCancellationRequested();
        Validate(_epoch.Finish(epoch, _steps), cancel);
        _epoch = default;
    }

    /// <summary>Puts the best weights into the module.</summary>
    private TrainingResult Finish(StopReason reason)
    {
        for (int i = 0; i < _best.Length; i++)
        {
            _parameters[i].Assign(_best[i].Value);
        }

        return new TrainingResult
        {
            StopReason = reason,
            History = [.. _history],
            BestEpoch = _bestEpoch,
            BestValidationLoss = _bestLoss,
            Steps = _steps,
            SkippedSteps = _skipped,
            Replays = _step.Replays,
            TrainingRows = _plan.TrainingRows,
            ValidationRows = _plan.HeldOutRows,
        };
    }

    private void RunStep(ReadOnlyMemory<int> batch, Rng draws)
    {
        double rate = _schedule.Rate(_steps);
        _stream.Become(draws, _epoch.Batch++);
        StepOutcome outcome = _step.Run(batch, _stream, rate);
        if (!outcome.IsTaken)
        {
            _epoch.Skipped++;
            _skipped++;
            _skippedInARow++;
            return;
        }

        _average?.Update();
        _firstLoss = double.IsNaN(_firstLoss) ? outcome.Loss : _firstLoss;
        _skippedInARow = 0;
        _steps++;
        _epoch.Rate = rate;
        _epoch.Taken++;
        _epoch.Clipped += outcome.GradientNorm > _options.ClipNorm ? 1 : 0;
        _epoch.LossSum += outcome.Loss * batch.Length;
        _epoch.NormSum += outcome.GradientNorm;
        _epoch.Rows += batch.Length;
    }

    private void Validate(TrainingEpoch trained, CancellationToken cancel)
    {
        ReadOnlyMemory<int> heldOut = _plan.HeldOut(cancel);
        _average?.Swap();
        double loss = heldOut.IsEmpty ? trained.TrainingLoss : _step.MeanEvaluation(heldOut, _rng.Split("validation"));
        // An infinitely good density is a degenerate one, not an optimum.
        if (double.IsFinite(loss) && loss < _bestLoss - _options.MinimumImprovement)
        {
            (_bestEpoch, _bestLoss) = (trained.Epoch, loss);
            for (int i = 0; i < _best.Length; i++)
            {
                _best[i].Assign(_parameters[i].Value);
            }
        }

        _average?.Swap();
        _schedule.Observe(loss);
        _history.Add(trained with { ValidationLoss = loss });
    }

    private ILearningRateSchedule Schedule()
    {
        if (_options.Schedule == RateSchedule.Plateau)
        {
            return new PlateauSchedule(_options.LearningRate, _options.PlateauFactor, _options.PlateauPatience, _options.MinimumImprovement);
        }

        long steps = Math.Min(_options.MaxSteps ?? long.MaxValue, (long)_options.MaxEpochs * _plan.Batches);
        double last = _options.Schedule == RateSchedule.Cosine ? _options.FinalRateFraction : 1;
        return new CosineSchedule(_options.LearningRate, steps, Math.Min(steps, _options.WarmUpSteps), last * _options.LearningRate);
    }
}

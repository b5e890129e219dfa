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
    private readonly Parameter[] _best;
    private readonly List<TrainingEpoch> _history = [];
    private long _steps, _skipped, _skippedInARow, _jointReplays;
    private int _bestEpoch = -1;
    private double _bestLoss = double.PositiveInfinity, _firstLoss = double.NaN;
    private EpochSums _epoch;
    private bool _isWithinEpoch;
    private Rng _draws = new(0);
    private double _rate;

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

    /// <summary>What is trained.</summary>
    public TrainingTask Task => _task;

    /// <inheritdoc cref="TrainingStep.Parameters"/>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Checked.</summary>
    public TrainingOptions Options => _options;

    /// <summary>The rows of the batch.</summary>
    public ReadOnlyMemory<int> Rows { get; private set; }

    /// <summary>What the loss of the batch draws from.</summary>
    public Rng Draws { get; } = new(0);

    /// <summary>Whether the epoch has another batch after this one.</summary>
    public bool HasBatch => _isWithinEpoch && _epoch.Batch < _plan.Batches && !(_steps >= _options.MaxSteps) && _skippedInARow < _options.MaxSkippedSteps;

    private TrainingProgress Progress => new(_history[^1], _options.MaxEpochs, _bestEpoch, _bestLoss);

    /// <summary>Trains one epoch, or what is left of it, if there is another.</summary>
    /// <param name="progress">Told of the epoch.</param>
    /// <param name="checkpoints">Where state is kept after it and, where it takes long, inside it; null for nowhere.</param>
    /// <param name="cancel">Checked once a batch.</param>
    /// <returns>What training came to, the best weights being in the module, where there is no other epoch or it was cancelled; else null.</returns>
    public TrainingResult? Advance(IProgress<TrainingProgress>? progress, ITrainingCheckpoints? checkpoints, CancellationToken cancel)
    {
        TrainingResult? ended;
        do
        {
            ended = Next(progress, checkpoints, cancel);
            if (ended is null)
            {
                Step();
                ended = Settle(progress, checkpoints, cancel);
            }
        }
        while (ended is null && HasBatch);
        return ended;
    }

    /// <summary>Goes to the next batch, of the next epoch where there is none in progress.</summary>
    /// <inheritdoc cref="Advance"/>
    public TrainingResult? Next(IProgress<TrainingProgress>? progress, ITrainingCheckpoints? checkpoints, CancellationToken cancel)
    {
        try
        {
            while (!_isWithinEpoch)
            {
                if (Stop() is StopReason reason)
                {
                    return Finish(reason);
                }

                Begin();
                // An epoch that was interrupted after its last step has none left.
                if (!HasBatch && Settle(progress, checkpoints, cancel) is { } ended)
                {
                    return ended;
                }
            }

            cancel.ThrowIfCancellationRequested();
            Rows = _plan.Batch(_epoch.Batch, cancel);
            _rate = _schedule.Rate(_steps);
            Draws.Become(_draws, _epoch.Batch++);
            return null;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Cancelled(checkpoints);
        }
    }

    /// <summary>The step of the batch.</summary>
    public void Step() => Count(_step.Run(Rows, Draws, _rate));

    /// <summary>The step of the batch by a replay that computed more than this gradient, which is clipped in place.</summary>
    /// <param name="loss">The mean of the rows.</param>
    public void Step(double loss, GradientBuffer gradient)
    {
        _jointReplays++;
        Count(_step.Take(loss, gradient, _rate));
    }

    /// <summary>What follows a step: state is kept where that is due, and after the last of an epoch it is validated.</summary>
    /// <inheritdoc cref="Advance"/>
    public TrainingResult? Settle(IProgress<TrainingProgress>? progress, ITrainingCheckpoints? checkpoints, CancellationToken cancel)
    {
        if (HasBatch)
        {
            if (checkpoints?.IsDueWithinEpoch() == true)
            {
                checkpoints.Save(Export());
            }

            return null;
        }

        try
        {
            cancel.ThrowIfCancellationRequested();
            Validate(_epoch.Finish(_history.Count, _steps), cancel);
            (_epoch, _isWithinEpoch) = (default, false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Cancelled(checkpoints);
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

    private void Begin()
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

        _draws = _rng.Split("draws").Split(epoch);
        _plan.Begin(epoch, _epoch.Batch);
        _isWithinEpoch = true;
    }

    // Between two steps, so that all that has changed is in the state.
    private TrainingResult Cancelled(ITrainingCheckpoints? checkpoints)
    {
        checkpoints?.Save(Export());
        return Finish(StopReason.Cancelled);
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
            Replays = _step.Replays + _jointReplays,
            TrainingRows = _plan.TrainingRows,
            ValidationRows = _plan.HeldOutRows,
        };
    }

    private void Count(StepOutcome outcome)
    {
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
        _epoch.Rate = _rate;
        _epoch.Taken++;
        _epoch.Clipped += outcome.GradientNorm > _options.ClipNorm ? 1 : 0;
        _epoch.LossSum += outcome.Loss * Rows.Length;
        _epoch.NormSum += outcome.GradientNorm;
        _epoch.Rows += Rows.Length;
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

using Quincunx.Inference.Networks;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Training;

internal sealed partial class TrainingRun
{
    // A state from inside an epoch has the epoch's sums besides, which format 1 did not know.
    private const int Format = 1, FormatWithinEpoch = 2, Columns = 7;

    /// <summary>Everything later epochs depend on besides the task's data, the options and the seed.</summary>
    public NamedTensors Export()
    {
        var state = new NamedTensors
        {
            { "format", _epoch.Batch == 0 ? Format : FormatWithinEpoch },
            { "rows", _task.Count },
            { "batches", _plan.Batches },
            { "steps", _steps },
            { "skipped", _skipped },
            { "skippedInARow", _skippedInARow },
            { "bestEpoch", _bestEpoch },
            { "bestLoss", _bestLoss },
            { "firstLoss", _firstLoss },
        };
        double[] history = [.. _history.SelectMany(e => new double[]
        {
            e.TrainingLoss, e.ValidationLoss, e.LearningRate, e.GradientNorm, e.Steps, e.Clipped, e.Skipped,
        })];
        state.Add("history", Tensor.From(history, new Shape(_history.Count, Columns)));
        for (int i = 0; i < _best.Length; i++)
        {
            state.Add($"best.{i}", _best[i].Value);
        }

        state.AddSection("module", ModuleState.Export(_task.Module));
        state.AddSection("optimiser", _step.Optimiser.Export());
        state.AddSection("schedule", _schedule.Export());
        if (_average is not null)
        {
            state.AddSection("average", _average.Export());
        }

        if (_plan.MixedRows != _plan.TrainingRows)
        {
            state.Add("mixed", _plan.MixedRows);
        }

        if (_epoch.Batch > 0)
        {
            state.Add("epoch", _epoch.Export());
        }

        return state;
    }

    /// <exception cref="StateException">The state is of another task or of other options.</exception>
    public void Import(NamedTensors state)
    {
        bool within = state.GetInteger("format") == FormatWithinEpoch;
        Require(state, "format", within ? FormatWithinEpoch : Format);
        Require(state, "rows", _task.Count);
        Require(state, "batches", _plan.Batches);
        if (_plan.MixedRows != _plan.TrainingRows)
        {
            Require(state, "mixed", _plan.MixedRows);
        }

        Tensor history = state.Get("history");
        if (history.Rank != 2 || history.Shape[1] != Columns || history.DType != DType.Float64)
        {
            throw new StateException($"Training history: expected Float64[*, {Columns}], stored {history.DType}{history.Shape}.");
        }

        NamedTensors average = state.Section("average");
        if (_average is null != (average.Count == 0))
        {
            throw new StateException("The checkpoint and the options disagree on whether weights are averaged.");
        }

        EpochSums epoch = within ? EpochSums.Import(state, "epoch") : default;
        Tensor[] best = [.. _best.Select((b, i) => state.Get($"best.{i}", b.Shape, b.DType))];
        (long steps, long skipped, long inARow) = (state.GetInteger("steps"), state.GetInteger("skipped"), state.GetInteger("skippedInARow"));
        (long bestEpoch, double bestLoss, double firstLoss) = (state.GetInteger("bestEpoch"), state.GetScalar("bestLoss"), state.GetScalar("firstLoss"));
        ModuleState.Import(_task.Module, state.Section("module"));
        _step.Optimiser.Import(state.Section("optimiser"));
        _schedule.Import(state.Section("schedule"));
        _average?.Import(average);
        for (int i = 0; i < best.Length; i++)
        {
            _best[i].Assign(best[i]);
        }

        _epoch = epoch;
        (_steps, _skipped, _skippedInARow) = (steps, skipped, inARow);
        (_bestEpoch, _bestLoss, _firstLoss) = ((int)bestEpoch, bestLoss, firstLoss);
        _history.Clear();
        double[] h = history.ToArray();
        for (int e = 0; e < history.Shape[0]; e++)
        {
            ReadOnlySpan<double> row = h.AsSpan(e * Columns, Columns);
            _history.Add(new TrainingEpoch(e, row[0], row[1], row[2], row[3], (long)row[4], (int)row[5], (int)row[6]));
        }
    }

    private static void Require(NamedTensors state, string name, int expected)
    {
        long stored = state.GetInteger(name);
        if (stored != expected)
        {
            throw new StateException($"The checkpoint does not belong to this training: its '{name}' is {stored}, expected {expected}.");
        }
    }
}

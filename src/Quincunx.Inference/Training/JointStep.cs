namespace Quincunx.Inference.Training;

/// <summary>One step of several trainings: a batch of each, differentiated by one recorded computation that holds them all.</summary>
/// <remarks>The trainings share nothing, so that each is what it would be alone, bit for bit. Where their batches cannot be recorded together each takes its own step.</remarks>
internal sealed class JointStep
{
    private readonly IReadOnlyList<TrainingRun> _runs;
    private readonly LossPart[] _parts;
    private readonly RecordedLosses _recorded;

    /// <param name="runs">Each of one chunk.</param>
    public JointStep(IReadOnlyList<TrainingRun> runs)
    {
        _runs = runs;
        _parts = [.. runs.Select(r => new LossPart(r.Task, r.Parameters, r.Options.Dropout))];
        _recorded = new RecordedLosses(_parts);
    }

    /// <summary>Steps that were replays of the joint recording.</summary>
    public long Replays => _recorded.Replays;

    /// <summary>Takes the step of each, which has gone to its batch.</summary>
    public void Run()
    {
        bool isWhole = true;
        for (int i = 0; i < _parts.Length; i++)
        {
            ReadOnlyMemory<int> rows = _runs[i].Rows;
            isWhole &= rows.Length <= _runs[i].Options.MaximumChunkRows;
            _parts[i].Begin(rows, 1.0 / rows.Length, _runs[i].Draws, chunk: 0);
        }

        isWhole = isWhole && _recorded.TryRun();
        for (int i = 0; i < _parts.Length; i++)
        {
            if (isWhole)
            {
                _runs[i].Step(_parts[i].Loss / _runs[i].Rows.Length, _parts[i].Gradient);
            }
            else
            {
                _runs[i].Step();
            }
        }
    }
}

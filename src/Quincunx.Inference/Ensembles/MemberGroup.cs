using Quincunx.Inference.Training;

namespace Quincunx.Inference.Ensembles;

/// <summary>Members of which all take a step at once (<see cref="EnsembleOptions.Batched"/>).</summary>
internal sealed class MemberGroup(IReadOnlyList<MemberTraining> members) : IMemberWork
{
    private readonly List<MemberTraining> _going = [.. members];
    private JointStep? _step;

    /// <inheritdoc/>
    public bool Advance(IProgress<EnsembleProgress>? progress, CancellationToken cancel)
    {
        do
        {
            for (int i = _going.Count - 1; i >= 0; i--)
            {
                Leave(i, _going[i].Next(progress, cancel));
            }

            if (_going.Count == 0)
            {
                return true;
            }

            _step ??= new JointStep([.. _going.Select(m => m.Run)]);
            _step.Run();
            for (int i = _going.Count - 1; i >= 0; i--)
            {
                Leave(i, _going[i].Settle(progress, cancel));
            }
        }
        while (_going.Count > 0 && _going[0].Run.HasBatch);
        return _going.Count == 0;
    }

    // Those that go on are recorded anew.
    private void Leave(int i, bool hasEnded)
    {
        if (hasEnded)
        {
            _going.RemoveAt(i);
            _step = null;
        }
    }
}

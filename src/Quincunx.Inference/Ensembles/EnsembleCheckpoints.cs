using System.Globalization;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Ensembles;

/// <summary>The states of all members in one, each as of its last epoch or of a step inside of one.</summary>
/// <remarks>No member depends on another, so that states of different moments go together. What keeps them is asked by one thread at a time.</remarks>
internal sealed class EnsembleCheckpoints
{
    private readonly ITrainingCheckpoints _kept;
    private readonly NamedTensors?[] _states;
    private readonly Lock _turn = new();

    public EnsembleCheckpoints(ITrainingCheckpoints kept, int members)
    {
        _kept = kept;
        NamedTensors? stored = kept.Load();
        _states = [.. Enumerable.Range(0, members).Select(i => stored?.Section(Name(i)) is { Count: > 0 } own ? own : null)];
    }

    public ITrainingCheckpoints Of(int member) => new Member(this, member);

    /// <summary>Keeps what there is.</summary>
    public void Save()
    {
        lock (_turn)
        {
            var all = new NamedTensors();
            for (int i = 0; i < _states.Length; i++)
            {
                if (_states[i] is { } own)
                {
                    all.AddSection(Name(i), own);
                }
            }

            _kept.Save(all);
        }
    }

    private static string Name(int member) => "members." + member.ToString(CultureInfo.InvariantCulture);

    private sealed class Member(EnsembleCheckpoints all, int index) : ITrainingCheckpoints
    {
        private bool _isDue;

        public NamedTensors? Load() => all._states[index];

        // After each epoch the state is taken, so that it is there when another member's is due.
        public bool IsDue(TrainingProgress progress)
        {
            lock (all._turn)
            {
                _isDue = all._kept.IsDue(progress);
            }

            return true;
        }

        public bool IsDueWithinEpoch()
        {
            lock (all._turn)
            {
                return _isDue = all._kept.IsDueWithinEpoch();
            }
        }

        public void Save(NamedTensors state)
        {
            lock (all._turn)
            {
                all._states[index] = state;
            }

            if (_isDue)
            {
                all.Save();
            }

            _isDue = false;
        }
    }
}

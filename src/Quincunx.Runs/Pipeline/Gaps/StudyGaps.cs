using Quincunx.Inference.Fresh;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Gaps;

/// <summary>What becomes of numbers that are missing: in simulations, where they are stored, and before a network sees them.</summary>
internal sealed class StudyGaps
{
    private readonly GapSettings _settings;
    private readonly MissingPattern? _observed, _random;
    private readonly int _context;

    /// <param name="observation">NaN where a number is missing.</param>
    /// <param name="context">Last numbers of an observation, which tell its circumstances and are always there.</param>
    public StudyGaps(GapSettings settings, double[] observation, int context = 0)
    {
        _context = context;
        (_settings, Present) = (settings, [.. Enumerable.Range(0, observation.Length).Where(i => !double.IsNaN(observation[i]))]);
        _observed = settings.Pattern == GapSettings.Simulator ? null : Inference.Fresh.Gaps.Of(observation, observation.Length);
        _random = settings.Pattern == GapSettings.Random ? Inference.Fresh.Gaps.Independent(0, settings.Share) : null;
    }

    /// <summary>Numbers of the observation that are not missing.</summary>
    public IReadOnlyList<int> Present { get; }

    /// <summary>Makes the gaps of a network's data: those of the simulator stay, and the study's pattern is laid over them.</summary>
    /// <param name="pairs">With NaN where the simulator has gaps; left as they are.</param>
    /// <param name="rng">Row i has stream i; not advanced.</param>
    public SimulationPairs Cover(SimulationPairs pairs, Rng rng)
    {
        if (_observed is null || pairs.Count == 0)
        {
            return pairs;
        }

        int k = pairs.X.Length / pairs.Count;
        double[] xs = [.. pairs.X];
        bool[] missing = new bool[k];
        for (int i = 0; i < pairs.Count; i++)
        {
            Array.Clear(missing);
            Rng own = rng.Split(i);

            // Half of the rows look as the observation does: among all patterns its own would hardly ever come.
            (_random is null || own.NextDouble() < 0.5 ? _observed : _random)(missing, own);
            missing.AsSpan(k - _context).Clear();
            for (int j = 0; j < k; j++)
            {
                xs[(i * k) + j] = missing[j] ? double.NaN : xs[(i * k) + j];
            }
        }

        return pairs with { X = xs };
    }

    /// <summary>What a network that is trained depends on.</summary>
    public void AddTo(InputHash hash) => hash.Add("gaps", _settings.Pattern).Add("share", _settings.Share).Add("observed", Present);

    /// <summary>The gaps in words.</summary>
    public string Describe(int features) => $"{features - Present.Count} of {features} numbers of the observation are missing; the network is trained on simulations "
        + _settings.Pattern switch
        {
            GapSettings.Observation => "with the same gaps",
            GapSettings.Random => FormattableString.Invariant($"with the same gaps, or with up to {_settings.Share:P0} of their numbers missing at random"),
            _ => "with the gaps that the simulator makes",
        };
}

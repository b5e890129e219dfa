using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Pipeline.Gaps;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Measuring;

/// <summary>What lies between a simulation as it is stored and what a network sees of it: noise, and numbers that are missing. Where a study has neither, the two are the same.</summary>
internal sealed class StudyMeasurement
{
    private readonly Study _study;
    private readonly double[] _observation;
    private readonly int[] _compared;
    private readonly int _outputs;

    public StudyMeasurement(Study study)
    {
        (_study, _observation, _outputs) = (study, [.. study.Observation], study.Simulator.OutputNames.Count);
        Noise = study.Noise is { } noise ? new StudyNoise(noise, _outputs) : null;
        int context = Noise?.ContextCount ?? 0;
        Gaps = study.Inference.Gaps is { } gaps ? new StudyGaps(gaps, _observation, (study.Inference.Embedding?.Context ?? 0) + context) : null;
        Names = context == 0 ? study.Simulator.OutputNames : [.. study.Simulator.OutputNames, NoiseSettings.LevelName];
        _compared = [.. (Gaps?.Present ?? Enumerable.Range(0, _outputs)).Where(i => i < _outputs)];
    }

    /// <summary>Null where there is none.</summary>
    public StudyNoise? Noise { get; }

    /// <summary>Null where no number may be missing.</summary>
    public StudyGaps? Gaps { get; }

    /// <summary>The likelihood of an observation, where it is known.</summary>
    public ILikelihood? Likelihood => Noise is null ? _study.Simulator as ILikelihood : _study.Noise!.Deterministic ? new NoiseLikelihood(_study.Simulator, Noise) : null;

    /// <summary>Whether a network sees what is stored.</summary>
    public bool IsNothing => Noise is null && Gaps is null;

    /// <summary>Last numbers of an observation that are no outputs of the simulator.</summary>
    public int ContextCount => Names.Count - _outputs;

    /// <summary>Of the numbers of an observation.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Outputs that the observation has numbers for.</summary>
    public IReadOnlyList<int> Compared => _compared;

    /// <summary>A simulator whose events are as they are stored.</summary>
    public ISimulator Stored(ISimulator simulator) => Gaps is null ? simulator : GapCode.Coded(simulator);

    /// <summary>Simulations that were made elsewhere, as they are stored.</summary>
    public SimulationSet Stored(SimulationSet made) => Gaps is null ? made : GapCode.Encode(made);

    /// <summary>What the simulator gave: NaN in gaps, and without noise.</summary>
    public SimulationPairs Outputs(SimulationPairs stored) => Gaps is null ? stored : GapCode.Decode(stored);

    /// <summary>Outputs with noise, and their levels behind them; with no gaps but those of the simulator.</summary>
    /// <param name="rng">Row i has stream i; not advanced.</param>
    public SimulationPairs Noisy(SimulationPairs stored, Rng rng)
    {
        SimulationPairs pairs = Outputs(stored);
        return Noise is null ? pairs : pairs with { X = Noise.Observe(pairs.X, rng) };
    }

    /// <summary>Stored simulations as a network sees them.</summary>
    /// <param name="streamOf">The stream of each part of the measurement, by its name; not advanced.</param>
    public SimulationPairs Observe(SimulationPairs stored, Func<string, Rng> streamOf)
    {
        SimulationPairs noisy = Noisy(stored, streamOf("noise"));
        return Gaps is null ? noisy : Gaps.Cover(noisy, streamOf("gaps"));
    }

    /// <summary>Outputs measured as the data were: with noise of their level, which stands behind them.</summary>
    /// <param name="outputs">Row-major; what is not finite stays so.</param>
    /// <param name="rng">Row i has stream i; not advanced.</param>
    public double[] LikeTheData(double[] outputs, Rng rng) => Noise is null ? outputs : Noise.ObserveAt(_observation.AsSpan(_outputs), outputs, rng);

    /// <summary>Columns of observations.</summary>
    /// <param name="xs">Shape <c>[n, Names.Count]</c>.</param>
    /// <param name="columns">Their numbers, rising.</param>
    public double[] Columns(double[] xs, IReadOnlyList<int> columns)
    {
        int width = Names.Count, kept = columns.Count;
        if (kept == width)
        {
            return xs;
        }

        double[] chosen = new double[xs.Length / width * kept];
        for (int i = 0; i < chosen.Length; i++)
        {
            chosen[i] = xs[(i / kept * width) + columns[i % kept]];
        }

        return chosen;
    }
}

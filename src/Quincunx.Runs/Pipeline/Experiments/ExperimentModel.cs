using Quincunx.Numerics.Random;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Experiments;

/// <summary>What the stages of an experiment share.</summary>
internal sealed class ExperimentModel(ExperimentStudy study, TimeProvider clock)
{
    private readonly Rng _root = new(study.Seed);

    public ExperimentStudy Study { get; } = study;

    public TimeProvider Clock { get; } = clock;

    /// <summary>The stream of a stage.</summary>
    public Rng Stream(string stage) => _root.Split(stage);

    /// <summary>What every stage depends on. An experiment alone knows which option bears on which of its steps, so that all count for all.</summary>
    public void AddInputs(InputHash hash)
    {
        hash.Add("experiment", Study.ExperimentName).Add("version", Study.Experiment.Version);
        hash.Add("options", Study.Options.All.Select(o => FormattableString.Invariant($"{o.Name}={o.Value}")));
        hash.Add("seed", Study.Seed);
    }
}

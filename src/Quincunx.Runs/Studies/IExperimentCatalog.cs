using Quincunx.Inference.Experiments;

namespace Quincunx.Runs.Studies;

/// <summary>The experiments that a study can name.</summary>
public interface IExperimentCatalog
{
    IReadOnlyList<string> Names { get; }

    /// <summary>What can be set under <c>experiment.options</c>; empty for nothing.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    IReadOnlyList<ExperimentOption> OptionsOf(string name);

    /// <summary>Makes the experiment.</summary>
    /// <exception cref="ArgumentException">The options do not go together; the message is shown to the user.</exception>
    IExperiment Create(string name, ExperimentOptions options);
}

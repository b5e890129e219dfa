using Quincunx.Inference.Experiments;
using Quincunx.Physics;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>The built-in experiments, as studies see them.</summary>
internal sealed class ExperimentCatalogAdapter : IExperimentCatalog
{
    public IReadOnlyList<string> Names { get; } = [.. ExperimentCatalog.All.Select(e => e.Name)];

    public IReadOnlyList<ExperimentOption> OptionsOf(string name) => Entry(name).Options;

    public IExperiment Create(string name, ExperimentOptions options) => Entry(name).Create(options);

    private static ExperimentEntry Entry(string name) =>
        ExperimentCatalog.Find(name) ?? throw new ArgumentException($"Expected a built-in experiment, got '{name}'.", nameof(name));
}

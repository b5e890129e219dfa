using Quincunx.Inference.Experiments;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline.Experiments;

/// <summary>Makes the data of an experiment.</summary>
internal sealed class DataStage(ExperimentModel model) : IStage
{
    public string Name => "data";

    public int Version => 1;

    public IReadOnlyList<string> Reads => [];

    public void AddInputs(InputHash hash) => model.AddInputs(hash);

    public void Run(StageContext context, CancellationToken cancel)
    {
        var progress = new Relay<ExperimentProgress>(p => context.Report(p.Done, p.Total, p.Unit));
        NamedTensors data = model.Study.Experiment.MakeData(model.Stream(Name), progress, cancel);
        context.WriteNpz(ExperimentFiles.Data, "the data", TensorArrays.Of(data));
    }
}

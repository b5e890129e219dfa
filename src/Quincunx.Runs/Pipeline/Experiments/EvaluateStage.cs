using Quincunx.Inference.Experiments;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline.Experiments;

/// <summary>Measures what the network of an experiment has learned.</summary>
internal sealed class EvaluateStage(ExperimentModel model) : IStage
{
    public string Name => "evaluate";

    public int Version => 1;

    public IReadOnlyList<string> Reads => [ExperimentFiles.Data, ExperimentFiles.Weights];

    public void AddInputs(InputHash hash) => model.AddInputs(hash);

    public void Run(StageContext context, CancellationToken cancel)
    {
        var progress = new Relay<ExperimentProgress>(p => context.Report(p.Done, p.Total, p.Unit));
        string weights = context.Input(ExperimentFiles.Weights);
        try
        {
            ExperimentResult result = model.Study.Experiment.Evaluate(
                TensorArrays.Read(context.Input(ExperimentFiles.Data)), TensorArrays.Read(weights), model.Stream(Name), progress, cancel);
            context.WriteJson(ExperimentFiles.Evaluation, "the evaluation", result);
        }
        catch (StateException e)
        {
            throw new ArtifactException(weights, $"another network ({e.Message})", "that of the study", inner: e);
        }
    }
}

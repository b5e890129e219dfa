namespace Quincunx.Runs.Pipeline.Experiments;

/// <summary>Names of the files of an experiment's run.</summary>
internal static class ExperimentFiles
{
    public const string Data = "data/data.npz";
    public const string Weights = "network/weights.npz";
    public const string Training = "network/training.json";
    public const string Evaluation = "evaluation.json";
}

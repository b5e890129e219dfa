using Quincunx.Runs.Pipeline.Experiments;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline;

/// <summary>The stages that the run of an experiment consists of: data, train, evaluate and report.</summary>
public sealed class ExperimentPipeline
{
    private ExperimentPipeline(ExperimentModel model)
    {
        Stages = [new DataStage(model), new LearnStage(model), new EvaluateStage(model), new ExperimentReportStage(model)];
    }

    /// <summary>In the order they run.</summary>
    public IReadOnlyList<IStage> Stages { get; }

    /// <param name="clock">Only decides when checkpoints are saved; the system's if null.</param>
    public static ExperimentPipeline Create(ExperimentStudy study, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(study);
        return new ExperimentPipeline(new ExperimentModel(study, clock ?? TimeProvider.System));
    }

    /// <summary>Name of the last stage that a command of its own name runs.</summary>
    /// <param name="command"><c>simulate</c>, which makes the data, <c>train</c>, <c>diagnose</c>, which evaluates, or <c>report</c>.</param>
    /// <exception cref="RunException">An experiment has no such stage: there is no posterior to <c>sample</c>.</exception>
    public string LastStage(string command) => command switch
    {
        "simulate" => "data",
        "train" or "report" => command,
        "diagnose" => "evaluate",
        _ => throw new RunException($"The study is of an experiment, which has no posterior: found the command '{command}', expected run, simulate, train, diagnose or report."),
    };
}

using Quincunx.Runs.Execution;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>The stages of a study of either form.</summary>
internal static class StudyPlan
{
    public static StagePlan Of(IStudy study, IEngine engine) => Of(study, engine, TimeProvider.System);

    /// <param name="engine">Makes the simulations; an experiment makes its own.</param>
    /// <param name="clock">Decides when checkpoints are saved.</param>
    public static StagePlan Of(IStudy study, IEngine engine, TimeProvider clock)
    {
        if (study is ExperimentStudy experiment)
        {
            var stages = ExperimentPipeline.Create(experiment, clock);
            return new StagePlan(stages.Stages, stages.LastStage);
        }

        var pipeline = StudyPipeline.Create((Study)study, clock, engine);
        return new StagePlan(pipeline.Stages, pipeline.LastStage);
    }
}

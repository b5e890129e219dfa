using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>The stages of a study of either form.</summary>
internal static class StudyPlan
{
    public static StagePlan Of(IStudy study) => Of(study, TimeProvider.System);

    /// <param name="clock">Decides when checkpoints are saved.</param>
    public static StagePlan Of(IStudy study, TimeProvider clock)
    {
        if (study is ExperimentStudy experiment)
        {
            var stages = ExperimentPipeline.Create(experiment, clock);
            return new StagePlan(stages.Stages, stages.LastStage);
        }

        var pipeline = StudyPipeline.Create((Study)study, clock);
        return new StagePlan(pipeline.Stages, pipeline.LastStage);
    }
}

using Quincunx.Runs.Execution;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline;

/// <summary>The stages that a study's run consists of.</summary>
/// <remarks>
/// For each round simulate, train and, before the next, truncate or propose; then sample, reweight and learn marginals if the study asks for it, diagnose and report. Only what
/// a stage depends on makes it run again: with one round, another observation reuses simulations and network.
/// </remarks>
public sealed class StudyPipeline
{
    private readonly StudyModel _model;

    private StudyPipeline(StudyModel model, IEngine engine)
    {
        _model = model;
        IEngine makes = model.Study.Recorded is { } recorded ? new RecordedEngine(recorded.Set) : engine;
        List<IStage> stages = [];
        for (int round = 1; round <= model.Rounds; round++)
        {
            stages.Add(new SimulateStage(model, round, makes));
            stages.Add(new TrainStage(model, round));
            if (round < model.Rounds)
            {
                stages.Add(model.Method.Proposes ? new ProposeStage(model, round) : new TruncateStage(model, round));
            }
        }

        stages.Add(new SampleStage(model));
        if (model.Study.Importance is not null && model.Likelihood is { } likelihood)
        {
            stages.Add(new ReweightStage(model, likelihood));
        }

        if (model.Study.Marginals is { } marginals)
        {
            stages.Add(new MarginalsStage(model, marginals));
        }

        stages.Add(new DiagnoseStage(model));
        stages.Add(new ReportStage(model));
        Stages = stages;
    }

    /// <summary>In the order they run.</summary>
    public IReadOnlyList<IStage> Stages { get; }

    /// <param name="clock">Only decides when checkpoints are saved; the system's if null.</param>
    /// <remarks>Simulations are made on the threads of this process, whatever the study's key <c>execution</c> says: the command line starts other programs, a library does not.</remarks>
    public static StudyPipeline Create(Study study, TimeProvider? clock = null) => Create(study, clock ?? TimeProvider.System, new ThreadsEngine());

    /// <param name="engine">Makes the simulations, where they are not recorded.</param>
    internal static StudyPipeline Create(Study study, TimeProvider clock, IEngine engine)
    {
        ArgumentNullException.ThrowIfNull(study);
        return new StudyPipeline(new StudyModel(study, clock), engine);
    }

    /// <summary>Name of the last stage that a command of its own name runs.</summary>
    /// <param name="command"><c>simulate</c>, <c>train</c>, <c>sample</c>, <c>diagnose</c> or <c>report</c>.</param>
    public string LastStage(string command) => command switch
    {
        "simulate" => $"simulate-{_model.Rounds}",
        "train" => $"train-{_model.Rounds}",
        "sample" => _model.Study.Importance is null ? "sample" : "reweight",
        "diagnose" => "diagnose",
        "report" => "report",
        _ => throw new ArgumentException($"Expected simulate, train, sample, diagnose or report, got '{command}'.", nameof(command)),
    };
}

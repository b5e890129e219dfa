using Quincunx.Inference.Distributions;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Studies;

/// <summary>What is to be inferred, from what, and how: a study file of the first form after every check.</summary>
public sealed record Study : IStudy
{
    /// <summary>Greatest seed: within 2⁵³, so that every JSON reader keeps it.</summary>
    public const long MaximumSeed = (1L << 53) - 1;

    /// <inheritdoc/>
    public required string File { get; init; }

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string Title { get; init; }

    public required string SimulatorName { get; init; }

    public required SimulatorOptions SimulatorOptions { get; init; }

    /// <summary>Takes parameters in the order of <see cref="Prior"/>, whatever order the simulator itself has. Also an
    /// <see cref="ILikelihood"/> if the simulator is one.</summary>
    public required ISimulator Simulator { get; init; }

    /// <summary>The program behind <see cref="Simulator"/>; null where that is none.</summary>
    public StudyProgram? Program { get; init; }

    /// <summary>The files that <see cref="Simulator"/> was loaded from; empty where it is not of an assembly.</summary>
    public IReadOnlyList<StudyInput> SimulatorFiles { get; init; } = [];

    /// <summary>The simulations that were made elsewhere; null where <see cref="Simulator"/> makes them, which otherwise only has names.</summary>
    public StudyRecording? Recorded { get; init; }

    /// <summary>One entry for each parameter, in the order of the file, which is that of theta everywhere.</summary>
    public required IReadOnlyList<ParameterPrior> Prior { get; init; }

    /// <summary>Between some of the parameters; null where they are independent.</summary>
    public PriorCorrelation? Correlation { get; init; }

    /// <summary>Between what <see cref="Simulator"/> gives and an observation; null where that is the same.</summary>
    public NoiseSettings? Noise { get; init; }

    /// <summary>Shape <c>[Simulator.OutputNames.Count]</c>, in their order, and the noise level where <see cref="Noise"/> has a prior of it; finite, or NaN where a number is missing (<see cref="InferenceSettings.Gaps"/>).</summary>
    public required IReadOnlyList<double> Observation { get; init; }

    /// <inheritdoc/>
    public required ulong Seed { get; init; }

    public required InferenceSettings Inference { get; init; }

    /// <summary>Null: no second network.</summary>
    public MarginalSettings? Marginals { get; init; }

    /// <summary>Null: no reweighting.</summary>
    public ImportanceSettings? Importance { get; init; }

    public required DiagnosticsSettings Diagnostics { get; init; }

    /// <summary>Rows of <c>posterior.csv</c>.</summary>
    public required int PosteriorDraws { get; init; }

    /// <summary>Where simulations are made; changes no result.</summary>
    public ExecutionSettings Execution { get; init; } = new();

    /// <inheritdoc/>
    public required IReadOnlyList<StudyInput> Inputs { get; init; }

    /// <inheritdoc/>
    public IStudy WithSeed(ulong seed) => this with { Seed = seed };

    /// <summary>Ends the processes of <see cref="Program"/>, for this study and its copies.</summary>
    public void Dispose() => Program?.Dispose();

    /// <summary><see cref="Simulator"/> mined for joint scores and ratios; null where it gives none. Starts a program that has not been.</summary>
    internal IMinedSimulator? Mined => OrderedSimulator.Mined(Simulator);

    /// <summary>The prior of all parameters, in the order of <see cref="Prior"/>.</summary>
    public IDistribution CreatePrior() => PriorOf(Prior, Correlation);

    internal static IDistribution PriorOf(IReadOnlyList<ParameterPrior> prior, PriorCorrelation? correlation) => correlation is null
        ? new IndependentProduct([.. prior.Select(p => (p.Name, p.CreateDistribution()))])
        : correlation.Join(prior);

    /// <summary>Reads and checks a study.</summary>
    /// <param name="path">A study file, or a folder with a <c>study.yaml</c>.</param>
    /// <param name="observation">A CSV file to take the data from instead, relative to the current folder: the columns that the study names,
    /// or else one row with a column for each output. The study's own data are then not read. Null: the study's own data.</param>
    /// <exception cref="StudyException">Something is wrong, or the file is of an experiment; everything that could be found in one pass is listed.</exception>
    public static Study Load(string path, ISimulatorCatalog catalog, string? observation = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(catalog);
        return new StudyBuilder(path, catalog, observation).Build();
    }
}

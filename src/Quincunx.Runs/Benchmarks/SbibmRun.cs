using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Quincunx.Inference.Diagnostics;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Benchmarks;

/// <summary>A task of the sbibm benchmark by one method with one budget: runs of its study up to the draws, and their scores.</summary>
/// <remarks>The simulator and the prior are the study's; the settings of inference are the same for all tasks. What is done is kept in run folders, and gone on from.</remarks>
public sealed class SbibmRun
{
    // The benchmark scores with this seed, whatever the seed of what is scored.
    private const ulong ScoreSeed = 1;
    private readonly Study _study;
    private readonly SbibmMethod _method;
    private readonly SbibmData _data;
    private readonly string _folder;

    /// <param name="study">Whose simulator, prior and name are used.</param>
    /// <param name="inference">Settings of all tasks; method, rounds and simulations are set here.</param>
    /// <param name="budget">Simulations of all rounds.</param>
    /// <param name="folder">Where run folders are made.</param>
    /// <exception cref="ArgumentException">The budget cannot be cut into the rounds.</exception>
    public SbibmRun(Study study, SbibmMethod method, InferenceSettings inference, int budget, ulong seed, SbibmData data, string folder)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(inference);
        if (budget < 1 || budget % method.Rounds != 0)
        {
            throw new ArgumentException($"Expected a budget that {method.Rounds} rounds can share, got {budget}.", nameof(budget));
        }

        (_method, _data, Budget, Seed) = (method, data, budget, seed);
        InferenceSettings settings = inference with { Method = method.Method, Rounds = method.Rounds, Simulations = budget / method.Rounds, Early = null };
        Settings = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonArtifact.Line(settings))))[..12];
        _study = study with { Seed = seed, Inference = settings, Importance = null };
        _folder = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{study.Name}-{method.Name}-{budget}-seed-{seed}"));
    }

    public string Task => _study.Name;

    /// <summary>Names of the parameters.</summary>
    public IReadOnlyList<string> Parameters => [.. _study.Prior.Select(p => p.Name)];

    public int Budget { get; }

    public ulong Seed { get; }

    /// <inheritdoc cref="SbibmScore"/>
    public string Settings { get; }

    /// <summary>Infers the parameters of one observation and scores the draws.</summary>
    /// <param name="number">Of the observation, from 1.</param>
    /// <param name="progress">Told what the stages tell.</param>
    /// <returns>The row, and the draws, shape <c>[reference draws, parameters]</c>.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the next call goes on from there.</exception>
    public (SbibmScore Score, double[] Draws) Score(int number, TimeProvider clock, IProgress<StageProgress>? progress, CancellationToken cancel)
    {
        int d = _study.Prior.Count;
        double[] reference = _data.Reference(Task, number, d);

        // As many draws as the reference has: unequal numbers shift the score of a blind guess.
        Study study = _study with { Observation = _data.Observation(Task, number, _study.Observation.Count), PosteriorDraws = reference.Length / d };
        string path = _method.IsAmortised ? _folder : $"{_folder}-observation-{number.ToString(CultureInfo.InvariantCulture)}";
        using RunFolder folder = RunFolder.Open(path, study, clock);
        IReadOnlyList<StageSummary> stages = new StageEngine(folder, StudyPipeline.Create(study, clock).Stages, progress).Run("sample", cancel);
        var model = new StudyModel(study, clock);
        (double[] draws, _) = PosteriorFile.Read(model, Path.Combine(path, RunFiles.PosteriorNpz));
        long failed = Enumerable.Range(1, _method.Rounds).Sum(r => CampaignIndex.Read(Path.Combine(path, RunFiles.Simulations(r))).Failed);
        var seconds = stages.GroupBy(s => s.Name.Split('-')[0]).ToDictionary(g => g.Key, g => g.Sum(s => s.Seconds));
        double c2st = C2st.Run(reference, draws, d, new Rng(ScoreSeed), cancel: cancel).Accuracy;
        return (new SbibmScore(Task, _method.Name, Budget, Seed, number, c2st, _data.Published(Task, _method.Published, Budget, number), failed, seconds, Settings), draws);
    }
}

using Quincunx.Inference;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Importance;
using Quincunx.Inference.Sequential;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline;

/// <summary>Checks the network on fresh simulations from the prior of its round, and the reported posterior on the observation.</summary>
internal sealed class DiagnoseStage(StudyModel model) : IStage
{
    private const int TypicalSimulations = 2_000, FewestToCompare = 20;

    public string Name => "diagnose";

    public int Version => 1;

    public IReadOnlyList<string> Reads =>
    [
        RunFiles.Network(model.Rounds), RunFiles.PosteriorNpz, RunFiles.Simulations(model.Rounds), .. IsLocal ? new[] { RunFiles.Raw } : model.Rounds > 1 ? [RunFiles.Region(model.Rounds)] : [],
    ];

    // Learned for this observation: right where the posterior is, and no region was cut for it.
    private bool IsLocal => model.Method.IsLocal(model.Rounds);

    public void AddInputs(InputHash hash)
    {
        model.AddSimulationInputs(hash, model.Rounds);
        model.AddNetwork(hash);
        DiagnosticsSettings settings = model.Study.Diagnostics;
        hash.Add("sbc", settings.Sbc).Add("sbc draws", settings.SbcDraws).Add("coverage", settings.Coverage).Add("predictive", settings.Predictive);
        hash.Add("observation", model.Observation);
    }

    public void Run(StageContext context, CancellationToken cancel)
    {
        Rng rng = model.Stream(Name);
        List<(string, NpyArray)> arrays = [];
        (SbcFacts? sbc, CoverageFacts? coverage) = Calibrate(context, rng.Split("sbc"), arrays, cancel);
        PredictiveFacts? predictive = Predict(context, rng.Split("predictive"), arrays, cancel);
        PredictiveFacts? typical = Typical(context, arrays);
        context.WriteNpz(RunFiles.Diagnostics, "diagnostics", [.. arrays]);
        context.WriteJson(RunFiles.DiagnosticFacts, "facts of the diagnostics", new DiagnosticFacts(1, sbc, coverage, predictive, typical, RecordedFacts.Of(model)));
    }

    private (SbcFacts? Sbc, CoverageFacts? Coverage) Calibrate(StageContext context, Rng rng, List<(string, NpyArray)> arrays, CancellationToken cancel)
    {
        DiagnosticsSettings settings = model.Study.Diagnostics;
        if (settings.Sbc == 0)
        {
            return (null, null);
        }

        IDistribution prior = IsLocal ? LocalPrior(context) : RegionFile.Prior(model, model.Rounds, context.Input);
        SimulationPairs pairs = model.Study.Recorded is { } recorded
            ? model.Measurement.Stored(recorded.Last()).Successful()
            : new SimulationRunner(model.Measurement.Stored(model.Study.Simulator)).Run(prior, 0, settings.Sbc, rng.Split("simulate"), progress: null, cancel).Successful();
        if (pairs.Count == 0)
        {
            context.Warn("All simulations for calibration failed; it is left out.");
            return (null, null);
        }

        pairs = model.Measurement.Observe(pairs, rng.Split);
        IPosteriorEstimator posterior = NetworkFile.Read(model, context.Input(RunFiles.Network(model.Rounds)));
        posterior = IsLocal ? new RestrictedPosterior(posterior, (RestrictedPrior)prior) : posterior;
        var options = new SbcOptions { Draws = settings.SbcDraws, ParameterNames = model.ParameterNames };
        var progress = new Relay<int>(done => context.Report(done, pairs.Count, "calibration data sets"));
        SbcResult result = SimulationBasedCalibration.Run(posterior, pairs.Theta, pairs.X, rng.Split("ranks"), options, progress, cancel);
        int quantities = result.Quantities.Count;
        int[] ranks = new int[result.Pairs * quantities];
        for (int q = 0; q < quantities; q++)
        {
            for (int i = 0; i < result.Pairs; i++)
            {
                ranks[(i * quantities) + q] = result.Quantities[q].Ranks[i];
            }
        }

        arrays.Add(("sbc_ranks", NpyArray.Of(ranks, result.Pairs, quantities)));
        var sbc = new SbcFacts(
            result.Pairs, result.InvalidPairs, result.Draws, result.CombinedPValue, pairs.Excluded,
            [.. result.Quantities.Select(q => new SbcQuantityFacts(q.Name, q.Test.Ecdf, q.Test.KolmogorovSmirnov, q.Test.ChiSquared, q.AdjustedPValue))]);
        if (!settings.Coverage)
        {
            return (sbc, null);
        }

        CoverageResult coverage = ExpectedCoverage.From(result);
        arrays.Add(("coverage_nominal", NpyArray.Of([.. coverage.Nominal])));
        arrays.Add(("coverage_empirical", NpyArray.Of([.. coverage.Empirical])));
        return (sbc, new CoverageFacts(
            result.Pairs, coverage.PValue, coverage.OverconfidentPValue, coverage.ConservativePValue, coverage.SignedArea, coverage.CalibrationError));
    }

    // The prior restricted to where the draws of the network are.
    private RestrictedPrior LocalPrior(StageContext context)
    {
        double[] theta = NpzFile.Read(context.Input(RunFiles.Raw), "theta").Values<double>("theta", -1, model.Dimension);
        return TruncateStage.Restrict(model, theta, earlier: []).Prior;
    }

    // Simulates at draws of the reported posterior, resampled to equal weights.
    private PredictiveFacts? Predict(StageContext context, Rng rng, List<(string, NpyArray)> arrays, CancellationToken cancel)
    {
        int n = model.Study.Diagnostics.Predictive, d = model.Dimension;
        if (n == 0 || model.Study.Recorded is not null)
        {
            return null;
        }

        (double[] theta, double[] weights) = PosteriorFile.Read(model, context.Input(RunFiles.PosteriorNpz));
        int[] rows = ImportanceWeights.FromLog([.. weights.Select(w => Math.Log(w))]).Resample(n, rng.Split("resample"));
        double[] chosen = new double[n * d];
        for (int i = 0; i < n; i++)
        {
            theta.AsSpan(rows[i] * d, d).CopyTo(chosen.AsSpan(i * d));
        }

        context.Report(0, n, "predictive simulations");
        SimulationSet set = new SimulationRunner(model.Study.Simulator).Run(chosen, 0, rng.Split("simulate"), progress: null, cancel);
        double[] xs = model.Measurement.LikeTheData(set.X, rng.Split("noise"));
        arrays.Add(("predictive_x", NpyArray.Of(xs, set.Count, model.Features)));
        return Compare(xs, model.Measurement.Compared, (compared, observed, options) => PosteriorPredictiveCheck.Run(compared, observed, default, options));
    }

    // Whether the observation is like what the network was trained on: its level like theirs, and the rest like theirs at its level.
    private PredictiveFacts? Typical(StageContext context, List<(string, NpyArray)> arrays)
    {
        using CampaignReader simulations = SimulationsFile.Open(model, model.Rounds, context);
        SimulationPairs first = model.OutputsOf(simulations.First(TypicalSimulations));
        Rng rng = model.Stream(Name).Split("typical");
        int k = model.Features, levels = model.Measurement.ContextCount;
        double[] xs = model.Measurement.LikeTheData(first.X, rng.Split("noise"));
        for (int i = 0; levels > 0 && i < first.Count; i++)
        {
            model.Measurement.Noise!.DrawLevel(xs.AsSpan((i * k) + k - levels, levels), rng.Split("level").Split(i));
        }

        arrays.Add(("training_x", NpyArray.Of(xs, first.Count, k)));
        return Compare(xs, [.. model.Measurement.Compared, .. Enumerable.Range(k - levels, levels)], (compared, observed, options) => MisspecificationCheck.Run(compared, observed, options));
    }

    // What is missing in the data is compared with nothing; simulations that lack more are left out.
    private PredictiveFacts? Compare(double[] xs, IReadOnlyList<int> columns, Func<double[], double[], PredictiveCheckOptions, PredictiveCheckResult> run)
    {
        double[] compared = model.Measurement.Columns(xs, columns);
        return compared.Chunk(columns.Count).Count(row => Array.TrueForAll(row, double.IsFinite)) < FewestToCompare ? null
            : PredictiveFacts.Of(run(compared, model.Measurement.Columns(model.Observation, columns), new PredictiveCheckOptions { OutputNames = [.. columns.Select(i => model.Measurement.Names[i])] }));
    }
}

using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Fresh;
using Quincunx.Inference.Importance;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Pilots;
using Quincunx.Inference.Samplers;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Physics.Spectra;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline;

namespace Quincunx.Benchmarks.Inference;

/// <summary>
/// One network for spectra of every noise level, learned from an endless stream with fresh noise, against NUTS on the exact likelihood: importance efficiency and C2ST at three levels.
/// </summary>
internal static class SpectrumScores
{
    private const int Draws = SpectrumReference.Draws;

    public static double[] Levels { get; } = [0.05, 0.15, 0.5];

    /// <summary>Trains, and writes weights into a file; where that is there already, continues from its state or does nothing.</summary>
    /// <param name="plain">Whether the network reads bins, without a pilot.</param>
    public static void Train(TextWriter output, string path, bool plain, int epochs, ulong seed)
    {
        Rng rng = new Rng(seed).Split("train");
        long began = Stopwatch.GetTimestamp();
        var told = new Told(output, began);
        var checkpoints = new FileCheckpoints(path + ".state.npz");
        TrainingOptions training = SpectrumSetting.Training(epochs);
        var endless = new EndlessOptions { Simulation = new SimulationOptions { Threads = 1 } };
        (IModule? module, FreshResult result) = plain
            ? Plain(FreshPosteriorEstimation.TrainEndless(new CleanSpectrum(), SpectrumSetting.Prior, SpectrumSetting.Noise, SpectrumSetting.Plain, endless, training, rng, told, checkpoints))
            : Corrected(PilotPosteriorEstimation.TrainEndless(
                new CleanSpectrum(), SpectrumSetting.Prior, SpectrumSetting.Noise, SpectrumSetting.Pilot(), SpectrumSetting.Corrector, endless, training, rng, told, checkpoints));
        Write(path, ModuleState.Export(module!));
        TrainingResult trained = result.Training!;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Simulations} simulations, {trained.Steps} steps, {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s, {Environment.CpuUsage.TotalTime.TotalSeconds:F0} s of processor time, {trained.StopReason}; held-out loss {trained.BestValidationLoss:F4} (training {trained.History[^1].TrainingLoss:F4})"));

        static (IModule?, FreshResult) Plain(FreshResult fresh) => (fresh.Posterior, fresh);
        static (IModule?, FreshResult) Corrected(PilotResult pilot) => (pilot.Posterior, pilot.Fresh);
    }

    /// <param name="observations">At each level, of parameters from the prior that the network never saw.</param>
    public static void Print(TextWriter output, string path, bool plain, int observations, ulong seed)
    {
        output.WriteLine("| noise | observation | efficiency | Pareto k | C2ST | C2ST, reweighted | R-hat | least ESS | divergences | efficiency, pilot alone | Pareto k | sd over the prior's | network, s | NUTS, s |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        string[] rows = new string[Levels.Length * observations];
        Parallel.For(0, rows.Length, row =>
        {
            // A posterior is for one thread.
            LeastSquaresPilot pilot = SpectrumSetting.Pilot();
            var bijection = new SupportBijection(SpectrumSetting.Prior);
            IPosteriorEstimator posterior = plain
                ? NeuralPosteriorEstimation.Untrained(bijection, EmissionSpectrum.Bins + 1, SpectrumSetting.Plain)
                : PilotPosteriorEstimation.Untrained(bijection, pilot, SpectrumSetting.Corrector);
            ModuleState.Import((IModule)posterior, TensorArrays.Read(path));
            double level = Levels[row / observations];
            Rng own = new Rng(seed).Split("observation").Split(row % observations);
            (_, double[] x) = SpectrumSetting.Observe(level, own);
            rows[row] = Row(posterior, pilot, level, row % observations, x, own);
            Console.Error.WriteLine(rows[row]);
        });
        foreach (string row in rows)
        {
            output.WriteLine(row);
        }
    }

    private static string Row(IPosteriorEstimator posterior, IPilot pilot, double level, int k, double[] x, Rng rng)
    {
        int d = posterior.Dimension;
        long began = Stopwatch.GetTimestamp();
        double[] draws = new double[Draws * d];
        posterior.Sample(x, draws, rng.Split("draws"));
        ReweightedDraws Weighted(IPosterior proposal, int count, string stream) => PosteriorReweighting
            .ByLikelihood(proposal, SpectrumSetting.Prior, new EmissionSpectrum(level), x.AsSpan(0, EmissionSpectrum.Bins)).Draw(count, rng.Split(stream));
        ReweightedDraws weighted = Weighted(new ConditionedPosterior(posterior, x), 10 * Draws, "weights");
        double amortised = Stopwatch.GetElapsedTime(began).TotalSeconds;
        ReweightedDraws alone = Weighted(new PilotAlone(pilot, SpectrumSetting.Prior, x), Draws, "alone");
        began = Stopwatch.GetTimestamp();
        (ChainResult chains, double[] exact) = SpectrumReference.Run(level, pilot, x, rng.Split("nuts"));
        double reference = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double accuracy = C2st.Run(exact, draws, d, new Rng(1)).Accuracy;
        double resampled = C2st.Run(exact, weighted.ResampleWithoutReplacement(Draws, rng.Split("resampling")), d, new Rng(2)).Accuracy;
        IEnumerable<string> widths = Enumerable.Range(0, d).Select(j =>
        {
            double mean = Enumerable.Range(0, Draws).Average(i => exact[(i * d) + j]);
            double sd = Math.Sqrt(Enumerable.Range(0, Draws).Average(i => Math.Pow(exact[(i * d) + j] - mean, 2)));
            return (sd * Math.Sqrt(12) / (SpectrumSetting.Prior.Supports[j].Upper - SpectrumSetting.Prior.Supports[j].Lower)).ToString("F2", CultureInfo.InvariantCulture);
        });
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {level} | {k} | {weighted.Weights.Efficiency:F3} | {weighted.Weights.ParetoK:F2} | {accuracy:F3} | {resampled:F3} | {chains.Coordinates.Max(c => c.RHat):F4} | {chains.Coordinates.Min(c => Math.Min(c.BulkEss, c.TailEss)):F0} | {chains.Divergences} | {alone.Weights.Efficiency:F3} | {alone.Weights.ParetoK:F2} | {string.Join(' ', widths)} | {amortised:F1} | {reference:F1} |");
    }

    private static void Write(string path, NamedTensors tensors) => AtomicFile.Write(path, "weights", stream => NpzFile.Write(stream, TensorArrays.Of(tensors)));

    private sealed class Told(TextWriter output, long began) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if ((value.Latest.Epoch + 1) % 10 == 0)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"epoch {value.Latest.Epoch + 1} of {value.MaxEpochs}: loss {value.Latest.TrainingLoss:F4}, held out {value.Latest.ValidationLoss:F4}, {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s"));
                output.Flush();
            }
        }
    }

    // After every twentieth epoch, so that a run that is killed goes on.
    private sealed class FileCheckpoints(string path) : ITrainingCheckpoints
    {
        public NamedTensors? Load() => File.Exists(path) ? TensorArrays.Read(path) : null;

        public bool IsDue(TrainingProgress progress) => (progress.Latest.Epoch + 1) % 20 == 0;

        public void Save(NamedTensors state) => Write(path, state);
    }
}

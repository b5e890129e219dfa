using System.Globalization;
using System.Runtime.InteropServices;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Pipeline.Measuring;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Checks;

/// <summary>Tries a study's simulator on draws from its prior.</summary>
public static class SimulatorChecker
{
    private const int SeedingRows = 20, MinedPoints = 10;

    /// <param name="simulations">How many, at least 1. None is kept, and none is one of a run.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SimulatorCheck Run(Study study, int simulations, TimeProvider clock, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfLessThan(simulations, 1);
        var measurement = new StudyMeasurement(study);
        if (study.Recorded is { } recorded)
        {
            return Recorded(study, measurement, measurement.Stored(recorded.Set));
        }

        IDistribution prior = study.CreatePrior();
        Rng rng = new Rng(study.Seed).Split("check");
        ISimulator simulator = measurement.Stored(study.Simulator);
        var parallel = new SimulationRunner(simulator);
        var serial = new SimulationRunner(simulator, new SimulationOptions { Threads = 1 });

        // On all threads first: it also warms the code up for the timing.
        SimulationSet few = parallel.Run(prior, 0, Math.Min(SeedingRows, simulations), rng, cancel: cancel);
        ProgramSimulator? program = study.Program?.Simulator;
        TimeSpan before = program?.ProgramTime ?? TimeSpan.Zero;
        long began = clock.GetTimestamp();
        SimulationSet set = serial.Run(prior, 0, simulations, rng, cancel: cancel);
        double seconds = clock.GetElapsedTime(began).TotalSeconds / set.Count, inside = (program?.ProgramTime - before)?.TotalSeconds / set.Count ?? 0;
        SimulationSet other = serial.Run(few.Theta, 0, new Rng(study.Seed).Split("check with another seed"), cancel: cancel);

        SimulationPairs observed = measurement.Noisy(set.Successful(), rng.Split("noise"));
        var check = new SimulatorCheck
        {
            Simulations = set.Count,
            Failed = set.FailedRows.Count,
            FirstFailure = set.Failures.Count > 0 ? set.Failures[0] : null,
            SecondsEach = seconds,
            IsReproducible = SameBytes(few.Theta, set.Theta.AsSpan(0, few.Theta.Length)) && SameBytes(few.X, set.X.AsSpan(0, few.X.Length)),
            IsRandom = !SameBytes(few.X, other.X),
            Likelihood = measurement.Gaps is null && measurement.Likelihood is { } likelihood ? Evaluate(likelihood, observed, study, cancel) : null,
            Mined = measurement.Gaps is null ? Mine(study, set.Successful(), rng.Split("mined"), cancel) : null,
            Outputs = Ranges(study, measurement.Names, observed),
            Program = program is null ? null : ProgramCheck.Of(program, inside > 0 ? seconds - inside : null),
            Problems = [],
            Warnings = [],
        };
        return check with { Problems = [.. FindProblems(check, study.Noise)], Warnings = [.. FindWarnings(check, study.Noise), .. program?.Warnings ?? []] };
    }

    // There is nothing to try, but much to look at.
    private static SimulatorCheck Recorded(Study study, StudyMeasurement measurement, SimulationSet set)
    {
        var check = new SimulatorCheck
        {
            Simulations = set.Count,
            Failed = set.FailedRows.Count,
            FirstFailure = null,
            SecondsEach = 0,
            IsReproducible = true,
            IsRandom = true,
            Likelihood = null,
            Mined = null,
            Outputs = Ranges(study, measurement.Names, measurement.Noisy(set.Successful(), new Rng(study.Seed).Split("check").Split("noise"))),
            Problems = [],
            Warnings = [],
        };
        return check with { Problems = [.. FindProblems(check, study.Noise)], Warnings = [.. FindWarnings(check, study.Noise)] };
    }

    // By bits: a NaN is the same as itself here.
    private static bool SameBytes(ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
        MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));

    private static LikelihoodCheck Evaluate(ILikelihood likelihood, SimulationPairs pairs, Study study, CancellationToken cancel)
    {
        int parameters = study.Prior.Count, outputs = study.Observation.Count;
        double[] observation = [.. study.Observation];
        int finiteAtSimulation = 0, finiteAtObservation = 0, undefined = 0;
        string? error = null;
        for (int row = 0; row < pairs.Count; row++)
        {
            cancel.ThrowIfCancellationRequested();
            ReadOnlySpan<double> theta = pairs.Theta.AsSpan(row * parameters, parameters);
            try
            {
                double own = likelihood.LogLikelihood(theta, pairs.X.AsSpan(row * outputs, outputs));
                double observed = likelihood.LogLikelihood(theta, observation);
                finiteAtSimulation += double.IsFinite(own) ? 1 : 0;
                finiteAtObservation += double.IsFinite(observed) ? 1 : 0;
                undefined += (IsUndefined(own) ? 1 : 0) + (IsUndefined(observed) ? 1 : 0);
            }
            catch (Exception e)
            {
                // Whatever a simulator throws is its own affair, and a finding of this check.
                error ??= $"{e.GetType().Name}: {e.Message}";
            }
        }

        return new LikelihoodCheck(pairs.Count, finiteAtSimulation, finiteAtObservation, undefined, error);

        static bool IsUndefined(double value) => double.IsNaN(value) || double.IsPositiveInfinity(value);
    }

    // At parameters that gave an event at least once.
    private static MinedCheckResult? Mine(Study study, SimulationPairs pairs, Rng rng, CancellationToken cancel)
    {
        int points = Math.Min(MinedPoints, pairs.Count);
        return points == 0 || study.Mined is not { } simulator
            ? null
            : MinedCheck.Run(simulator, pairs.Theta.AsSpan(0, points * study.Prior.Count), Math.Max(2, pairs.Count / points), rng, cancel);
    }

    private static OutputRange[] Ranges(Study study, IReadOnlyList<string> names, SimulationPairs pairs)
    {
        var ranges = new OutputRange[names.Count];
        for (int i = 0; i < names.Count; i++)
        {
            (double lower, double upper) = (pairs.Count > 0 ? double.PositiveInfinity : double.NaN, pairs.Count > 0 ? double.NegativeInfinity : double.NaN);
            for (int row = 0; row < pairs.Count; row++)
            {
                double x = pairs.X[(row * names.Count) + i];
                (lower, upper) = double.IsNaN(x) ? (lower, upper) : (Math.Min(lower, x), Math.Max(upper, x));
            }

            ranges[i] = new OutputRange(names[i], lower, upper, study.Observation[i]);
        }

        return ranges;
    }

    private static IEnumerable<string> FindProblems(SimulatorCheck check, NoiseSettings? noise)
    {
        if (check.Failed == check.Simulations)
        {
            yield return $"Every one of the first {check.Simulations} simulations failed. {check.FirstFailure?.Message}";
        }

        if (!check.IsReproducible)
        {
            yield return "The same seed gave other outputs when it was simulated again on many threads: the simulator takes random numbers "
                + "from elsewhere, or its threads share state.";
        }

        if (check.IsRandom && noise is { Deterministic: true })
        {
            yield return "Another seed gave other outputs at the same parameters: the simulator is not deterministic, as noise.deterministic says, and the likelihood would be wrong.";
        }

        foreach (string problem in check.Mined?.Problems ?? [])
        {
            yield return problem;
        }

        if (check.Likelihood is { Error: { } error })
        {
            yield return $"The likelihood throws at parameters from the prior. {error}";
        }

        if (check.Likelihood is { Undefined: > 0 } likelihood)
        {
            yield return $"The likelihood is NaN or positive infinity in {likelihood.Undefined} of {2 * likelihood.Evaluated} evaluations at parameters from the prior.";
        }
    }

    private static IEnumerable<string> FindWarnings(SimulatorCheck check, NoiseSettings? noise)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (check.Failed == check.Simulations)
        {
            yield break;
        }

        if (check.Failed > 0)
        {
            yield return $"{check.Failed} of {check.Simulations} simulations failed. They are left out of training, so the result is for the prior "
                + "conditional on success.";
        }

        if (!check.IsRandom && noise is null)
        {
            yield return "Another seed gave the same outputs at the same parameters: the simulator has no randomness, and its posterior may have no density.";
        }

        if (check.Likelihood is { Error: null, Evaluated: var evaluated, FiniteAtSimulation: var finite } && finite < evaluated)
        {
            yield return $"The likelihood is not finite for {evaluated - finite} of {evaluated} data sets at the very parameters that they were simulated from.";
        }

        if (check.Likelihood is { Error: null, FiniteAtObservation: 0, Evaluated: > 0 })
        {
            yield return "The observation is impossible at every one of the parameters that were drawn from the prior.";
        }

        foreach (string warning in check.Mined?.Warnings ?? [])
        {
            yield return warning;
        }

        foreach (OutputRange constant in check.Outputs.Where(o => o.Lower == o.Upper && check.Simulations - check.Failed > 1))
        {
            yield return $"The output {constant.Name} is {constant.Lower.ToString("G4", culture)} in every simulation.";
        }

        OutputRange[] outside = [.. check.Outputs.Where(o => !o.HoldsObservation)];
        if (outside.Length > 0)
        {
            string names = string.Join(", ", outside.Take(8).Select(o => string.Create(
                culture, $"{o.Name} ({o.Observed:G4} is not in {o.Lower:G4} to {o.Upper:G4})")));
            yield return $"The observation is outside all simulations from the prior in {outside.Length} of {check.Outputs.Count} outputs: "
                + $"{names}{(outside.Length > 8 ? ", and others" : "")}.";
        }
    }
}

namespace Quincunx.Runs.Benchmarks;

/// <summary>One row of the benchmark.</summary>
/// <param name="Task">With hyphens, as the study.</param>
/// <param name="Method">See <see cref="SbibmMethod"/>.</param>
/// <param name="Budget">Simulations of all rounds.</param>
/// <param name="C2st">Accuracy of a classifier between our draws and the reference's: 0.5 at best, 1 at worst.</param>
/// <param name="Published">The published score of the algorithm it is compared with, with as many simulations, or null where there is none.</param>
/// <param name="Failed">Simulations that failed and were left out.</param>
/// <param name="Seconds">By stage (simulate, train, propose or truncate, sample), over all rounds; of stages that served an earlier observation too, what they took then.</param>
/// <param name="Settings">Digest of the settings of inference: rows of other settings are not taken for these.</param>
public sealed record SbibmScore(
    string Task, string Method, int Budget, ulong Seed, int Observation, double C2st, double? Published, long Failed, IReadOnlyDictionary<string, double> Seconds, string Settings);

namespace Quincunx.Runs.Benchmarks;

/// <summary>One row of the benchmark.</summary>
/// <param name="Task">With hyphens, as the study.</param>
/// <param name="C2st">Accuracy of a classifier between our draws and the reference's: 0.5 at best, 1 at worst.</param>
/// <param name="Published">The published score of amortised neural posterior estimation with as many simulations, or null where there is none.</param>
/// <param name="Seconds">Training of the network that serves all observations of the seed; the simulations and the draws are apart.</param>
public sealed record SbibmScore(string Task, int Simulations, ulong Seed, int Observation, double C2st, double? Published, double Seconds);

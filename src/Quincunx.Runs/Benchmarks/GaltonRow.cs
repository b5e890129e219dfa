using System.Text.Json.Serialization;

namespace Quincunx.Runs.Benchmarks;

/// <summary>A method's error on the generalized Galton board.</summary>
/// <param name="Runs">Runs of the simulator.</param>
/// <param name="MseLogR">See <see cref="GaltonBench"/>; infinite where a bin that can be reached was given no probability.</param>
/// <param name="Seconds">Simulations and training.</param>
internal sealed record GaltonRow(
    string Method, int Runs, ulong Seed, [property: JsonPropertyName("mse_log_r")] double MseLogR, double Seconds);

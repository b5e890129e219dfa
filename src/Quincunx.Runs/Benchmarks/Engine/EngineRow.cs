using System.Text.Json.Serialization;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>One measured figure beside what bounds it.</summary>
/// <param name="DType"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Median">Over the rounds, in <paramref name="Unit"/>.</param>
/// <param name="Share">
/// Of a rate: median over bound. Of a time or another cost: bound over median. So 1 is at the bound, and beside a target 1 or more has reached it.
/// </param>
/// <param name="Bound">The bound with its unit and what it is: a limit measured in the same rounds, or a target.</param>
internal sealed record EngineRow(
    string Name, int Threads, [property: JsonPropertyName("dtype")] string DType, double Median, string Unit, double Share, string Bound);

namespace Quincunx.Benchmarks;

/// <summary>One product to be timed.</summary>
/// <param name="Name">Kind and sizes, as printed.</param>
/// <param name="Operations">Floating-point operations of one, a multiply-add counting as two.</param>
/// <param name="Run">Does it that many times.</param>
/// <param name="Against">The row, if any, whose rate the printed ratio is to: the same product with one thread, packed, or without transposes.</param>
internal sealed record PeakCase(string Name, double Operations, Action<int> Run, string? Against = null);

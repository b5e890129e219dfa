namespace Quincunx.Numerics.Kernels;

/// <summary>Tables <c>[outer, length, inner]</c>, read at <c>[outer, count, inner]</c> positions.</summary>
internal readonly record struct TableShape(int Outer, int Length, int Count, int Inner);

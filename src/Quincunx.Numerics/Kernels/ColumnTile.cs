namespace Quincunx.Numerics.Kernels;

/// <summary>Columns that a step of a kernel goes through, a register at a time, before the next step does: few enough to stay in the cache.</summary>
/// <param name="Columns">Columns of the matrices, at least a register: the last register overlaps the one before.</param>
/// <param name="From">The first column of the tile.</param>
/// <param name="To">The column behind its last.</param>
internal readonly record struct ColumnTile(nint Columns, nint From, nint To);

namespace Quincunx.Numerics.Kernels;

/// <summary>How an operand of a loop over rows lies in memory.</summary>
/// <param name="Step">Elements from the beginning of one row to that of the next; 0 where all rows are the same one.</param>
/// <param name="Moves">Whether a row is contiguous elements; else it is one number, repeated.</param>
internal readonly record struct RowWalk(int Step, bool Moves);

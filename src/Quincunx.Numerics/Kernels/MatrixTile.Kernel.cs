using static Quincunx.Numerics.Kernels.Numbers;

namespace Quincunx.Numerics.Kernels;

/// <summary>Chooses the compiled body for a tile's height and width.</summary>
internal static unsafe partial class MatrixTile
{
    /// <param name="rows">Height, 1 to 12.</param>
    /// <param name="wide">Whether the tile is two registers wide, not one.</param>
    /// <param name="edge">Whether the last register is used in part.</param>
    public static delegate*<in MatrixOperands<T>, int, int, int, int, T*, nint, nint, T*, nint, void> Kernel<T, TVector, TLanes>(
        int rows, bool wide, bool edge)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector> => (wide, edge) switch
        {
            (true, false) => Height<T, TVector, TLanes, N2, N0>(rows),
            (true, true) => Height<T, TVector, TLanes, N2, N1>(rows),
            (false, false) => Height<T, TVector, TLanes, N1, N0>(rows),
            _ => Height<T, TVector, TLanes, N1, N1>(rows),
        };

    private static delegate*<in MatrixOperands<T>, int, int, int, int, T*, nint, nint, T*, nint, void> Height<T, TVector, TLanes, TWidth, TEdge>(int rows)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TWidth : struct, INumber
        where TEdge : struct, INumber
    {
        switch (rows)
        {
            case 1:
                return &Run<T, TVector, TLanes, N1, TWidth, TEdge>;
            case 2:
                return &Run<T, TVector, TLanes, N2, TWidth, TEdge>;
            case 3:
                return &Run<T, TVector, TLanes, N3, TWidth, TEdge>;
            case 4:
                return &Run<T, TVector, TLanes, N4, TWidth, TEdge>;
            case 5:
                return &Run<T, TVector, TLanes, N5, TWidth, TEdge>;
            case 6:
                return &Run<T, TVector, TLanes, N6, TWidth, TEdge>;
            case 7:
                return &Run<T, TVector, TLanes, N7, TWidth, TEdge>;
            case 8:
                return &Run<T, TVector, TLanes, N8, TWidth, TEdge>;
            case 9:
                return &Run<T, TVector, TLanes, N9, TWidth, TEdge>;
            case 10:
                return &Run<T, TVector, TLanes, N10, TWidth, TEdge>;
            case 11:
                return &Run<T, TVector, TLanes, N11, TWidth, TEdge>;
            default:
                return &Run<T, TVector, TLanes, N12, TWidth, TEdge>;
        }
    }
}

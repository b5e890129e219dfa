using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <summary>What a tile does with one of its rows.</summary>
internal static unsafe partial class MatrixTile
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Read<T, TVector, TLanes, TWidth, TEdge>(
        T* row, TVector mask, out TVector v0, out TVector v1, bool padded = false)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TWidth : struct, INumber
        where TEdge : struct, INumber
    {
        if (TWidth.Value == 1)
        {
            v0 = TEdge.Value != 0 && !padded ? TLanes.LoadMasked(row, mask) : TLanes.Load(row);
            v1 = default;
        }
        else
        {
            v0 = TLanes.Load(row);
            v1 = TEdge.Value != 0 && !padded ? TLanes.LoadMasked(row + TLanes.Count, mask) : TLanes.Load(row + TLanes.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T, TVector, TLanes, TWidth>(T value, ref TVector c0, ref TVector c1)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TWidth : struct, INumber
    {
        TVector x = TLanes.Broadcast(value);
        c0 = TLanes.Add(c0, x);
        if (TWidth.Value > 1)
        {
            c1 = TLanes.Add(c1, x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<T, TVector, TLanes, TWidth>(T* value, TVector b0, TVector b1, ref TVector c0, ref TVector c1)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TWidth : struct, INumber
    {
        TVector x = TLanes.Broadcast(*value);
        c0 = TLanes.MultiplyAdd(x, b0, c0);
        if (TWidth.Value > 1)
        {
            c1 = TLanes.MultiplyAdd(x, b1, c1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<T, TVector, TLanes, TWidth, TEdge>(T* row, TVector v0, TVector v1, TVector floor, int tail)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
        where TWidth : struct, INumber
        where TEdge : struct, INumber
    {
        TVector last = TLanes.AtLeast(floor, TWidth.Value > 1 ? v1 : v0);
        if (TWidth.Value > 1)
        {
            TLanes.Store(row, TLanes.AtLeast(floor, v0));
            row += TLanes.Count;
        }

        if (TEdge.Value != 0)
        {
            TLanes.StorePart(row, last, tail);
        }
        else
        {
            TLanes.Store(row, last);
        }
    }
}

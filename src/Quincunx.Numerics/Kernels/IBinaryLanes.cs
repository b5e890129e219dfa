namespace Quincunx.Numerics.Kernels;

/// <summary>A function of two registers, lane by lane, for every width.</summary>
internal interface IBinaryLanes
{
    static abstract TVector Of<T, TVector, TLanes>(TVector a, TVector b)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>;
}

namespace Quincunx.Numerics.Kernels;

/// <summary>A function of two registers, lane by lane, for every width.</summary>
internal interface IBinaryLanes
{
    /// <summary>Whether the function takes many instructions, so that a loop should hold it only once.</summary>
    static virtual bool IsLong => false;

    static abstract TVector Of<T, TVector, TLanes>(TVector a, TVector b)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>;
}

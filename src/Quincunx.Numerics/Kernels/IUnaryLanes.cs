namespace Quincunx.Numerics.Kernels;

/// <summary>A function of a register, lane by lane, for every width.</summary>
internal interface IUnaryLanes
{
    /// <summary>Whether the function takes many instructions, so that a loop should hold it only once.</summary>
    static virtual bool IsLong => false;

    static abstract TVector Of<T, TVector, TLanes>(TVector x)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>;
}

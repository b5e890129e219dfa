namespace Quincunx.Numerics.Kernels;

/// <summary>A function of a register, lane by lane, for every width.</summary>
internal interface IUnaryLanes
{
    static abstract TVector Of<T, TVector, TLanes>(TVector x)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>;
}

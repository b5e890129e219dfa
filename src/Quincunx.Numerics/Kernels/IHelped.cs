namespace Quincunx.Numerics.Kernels;

/// <summary>Work that threads beside the caller's may take part in.</summary>
internal interface IHelped : IThreadPoolWorkItem
{
    /// <summary>Does what is left to do, perhaps nothing.</summary>
    void Help();
}

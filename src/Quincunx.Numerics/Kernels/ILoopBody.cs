namespace Quincunx.Numerics.Kernels;

/// <summary>What a loop does for each index, on whatever thread; it does not throw.</summary>
internal interface ILoopBody
{
    void Run(int index);
}

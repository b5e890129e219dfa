using System.Numerics;

namespace Quincunx.Numerics.Tensors;

/// <summary>What an operation runs: a kernel together with its operands, so that a <see cref="Replays.Replay"/> can run it again.</summary>
internal interface IKernel
{
    /// <summary>Reads the operands and overwrites the result.</summary>
    /// <typeparam name="T">The element type of the result.</typeparam>
    void Run<T>()
        where T : unmanaged, IFloatingPointIeee754<T>;
}

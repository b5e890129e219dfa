using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Random;

/// <summary>The counter-based generator Philox4x32-10: a bijection of 128-bit counters keyed by 64 bits.</summary>
/// <remarks>
/// Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11. Multipliers and Weyl
/// increments are the paper's; tests hold the published known-answer vectors.
/// </remarks>
internal static class Philox
{
    private const uint MultiplierA = 0xD2511F53, MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9, WeylB = 0xBB67AE85;

    /// <summary>Encrypts one counter block with ten rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, out uint r0, out uint r1, out uint r2, out uint r3)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong a = (ulong)MultiplierA * c0, b = (ulong)MultiplierB * c2;
            c0 = (uint)(b >> 32) ^ c1 ^ k0;
            c1 = (uint)b;
            c2 = (uint)(a >> 32) ^ c3 ^ k1;
            c3 = (uint)a;
            k0 += WeylA;
            k1 += WeylB;
        }

        (r0, r1, r2, r3) = (c0, c1, c2, c3);
    }
}

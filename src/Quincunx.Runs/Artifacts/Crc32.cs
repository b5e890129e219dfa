using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quincunx.Runs.Artifacts;

/// <summary>The checksum of zip files: reflected polynomial 0xEDB88320 (ISO 3309).</summary>
/// <remarks>
/// Where the processor multiplies polynomials, 64 bytes a step are folded onto the next 64, which leaves the remainder as it is (Gopal et al. 2009, "Fast CRC computation for generic
/// polynomials using PCLMULQDQ instruction"). The rest goes through tables, eight bytes a step (slicing-by-8).
/// </remarks>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Lane = 16, Lanes = 4;
    private static readonly uint[][] Tables = MakeTables();

    // The lower half of a lane is 64 bits ahead of the upper one. In the product of reflected factors a bit is lost, so that both are taken 32 bits short of the half.
    private static readonly Vector128<ulong> OverAllLanes = Vector128.Create(Power((8 * Lane * Lanes) + 32), Power((8 * Lane * Lanes) - 32));
    private static readonly Vector128<ulong> OverOneLane = Vector128.Create(Power((8 * Lane) + 32), Power((8 * Lane) - 32));

    /// <param name="crc">The checksum of what came before; 0 at the start.</param>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        if (Pclmulqdq.IsSupported && bytes.Length >= 2 * Lane * Lanes)
        {
            crc = Fold(crc, ref bytes);
        }

        return ~AppendByTables(crc, bytes);
    }

    /// <summary>The same register, by tables alone.</summary>
    internal static uint AppendByTables(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint[][] t = Tables;
        while (bytes.Length >= 8)
        {
            uint low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[7][low & 255] ^ t[6][(low >> 8) & 255] ^ t[5][(low >> 16) & 255] ^ t[4][low >> 24]
                ^ t[3][high & 255] ^ t[2][(high >> 8) & 255] ^ t[1][(high >> 16) & 255] ^ t[0][high >> 24];
            bytes = bytes[8..];
        }

        foreach (byte b in bytes)
        {
            crc = t[0][(crc ^ b) & 255] ^ (crc >> 8);
        }

        return crc;
    }

    // Takes whole lanes off the bytes and returns the register after them.
    private static uint Fold(uint crc, ref ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<Vector128<ulong>> lanes = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        bytes = bytes[(lanes.Length * Lane)..];
        Vector128<ulong> a = lanes[0] ^ Vector128.CreateScalar((ulong)crc), b = lanes[1], c = lanes[2], d = lanes[3];
        lanes = lanes[Lanes..];
        while (lanes.Length >= Lanes)
        {
            a = Onto(a, OverAllLanes, lanes[0]);
            b = Onto(b, OverAllLanes, lanes[1]);
            c = Onto(c, OverAllLanes, lanes[2]);
            d = Onto(d, OverAllLanes, lanes[3]);
            lanes = lanes[Lanes..];
        }

        a = Onto(Onto(Onto(a, OverOneLane, b), OverOneLane, c), OverOneLane, d);
        foreach (Vector128<ulong> lane in lanes)
        {
            a = Onto(a, OverOneLane, lane);
        }

        // What is left stands for all bytes so far, the register included.
        return AppendByTables(0, MemoryMarshal.AsBytes(new ReadOnlySpan<Vector128<ulong>>(in a)));
    }

    private static Vector128<ulong> Onto(Vector128<ulong> lane, Vector128<ulong> powers, Vector128<ulong> next) =>
        Pclmulqdq.CarrylessMultiply(lane, powers, 0x00) ^ Pclmulqdq.CarrylessMultiply(lane, powers, 0x11) ^ next;

    // x to a power, modulo the polynomial, reflected and shifted for the bit that products lose.
    private static ulong Power(int exponent)
    {
        uint power = 0x80000000;
        for (int i = 0; i < exponent; i++)
        {
            power = (power & 1) != 0 ? Polynomial ^ (power >> 1) : power >> 1;
        }

        return (ulong)power << 1;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        for (int k = 0; k < 8; k++)
        {
            tables[k] = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                uint value = k == 0 ? i : tables[k - 1][i];
                for (int bit = 0; bit < 8; bit++)
                {
                    value = (value & 1) != 0 ? Polynomial ^ (value >> 1) : value >> 1;
                }

                tables[k][i] = value;
            }
        }

        return tables;
    }
}

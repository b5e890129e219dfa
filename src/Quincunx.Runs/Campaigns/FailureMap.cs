using System.Numerics;
using System.Runtime.InteropServices;
using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Campaigns;

/// <summary>Which rows of a block failed: bit i of byte i / 8 is row i. Null stands for none.</summary>
internal static class FailureMap
{
    /// <param name="rows">Whole rows: theta, then x.</param>
    /// <param name="x">Where x begins in a row, in bytes.</param>
    public static byte[]? Of(ReadOnlySpan<byte> rows, int rowBytes, int x)
    {
        byte[]? map = null;
        int count = rows.Length / rowBytes;
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<double> outputs = MemoryMarshal.Cast<byte, double>(rows.Slice((row * rowBytes) + x, rowBytes - x));
            if (SimulationSet.FirstNonFinite(outputs) >= 0)
            {
                map ??= new byte[(count + 7) / 8];
                map[row / 8] |= (byte)(1 << (row % 8));
            }
        }

        return map;
    }

    public static bool Has(byte[]? map, int row) => map is not null && (map[row / 8] >> (row % 8) & 1) == 1;

    /// <summary>How many of the rows from <paramref name="from"/> to <paramref name="to"/> (excluded) failed.</summary>
    public static int Count(byte[]? map, int from, int to)
    {
        int count = 0;
        for (int row = from; map is not null && row < to;)
        {
            if (row % 8 == 0 && row + 8 <= to)
            {
                count += BitOperations.PopCount(map[row / 8]);
                row += 8;
            }
            else
            {
                count += Has(map, row) ? 1 : 0;
                row++;
            }
        }

        return count;
    }
}

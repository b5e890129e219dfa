namespace Quincunx.Runs.Artifacts;

/// <summary>The checksum of zip files: reflected polynomial 0xEDB88320 (ISO 3309), eight bytes a step (slicing-by-8).</summary>
internal static class Crc32
{
    private static readonly uint[][] Tables = MakeTables();

    /// <param name="crc">The checksum of what came before; 0 at the start.</param>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint[][] t = Tables;
        crc = ~crc;
        while (bytes.Length >= 8)
        {
            uint low = crc ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[7][low & 255] ^ t[6][(low >> 8) & 255] ^ t[5][(low >> 16) & 255] ^ t[4][low >> 24]
                ^ t[3][high & 255] ^ t[2][(high >> 8) & 255] ^ t[1][(high >> 16) & 255] ^ t[0][high >> 24];
            bytes = bytes[8..];
        }

        foreach (byte b in bytes)
        {
            crc = t[0][(crc ^ b) & 255] ^ (crc >> 8);
        }

        return ~crc;
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
                    value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
                }

                tables[k][i] = value;
            }
        }

        return tables;
    }
}

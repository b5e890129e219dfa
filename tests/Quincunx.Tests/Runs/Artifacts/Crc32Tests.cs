using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Tests.Runs.Artifacts;

public sealed class Crc32Tests
{
    [Fact]
    public void Append_OfTheCheckString_IsThePublishedValue() => Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8));

    [Fact]
    public void Append_OfEveryLengthAndAnyStart_IsThatOfTables()
    {
        byte[] bytes = new byte[4000];
        var rng = new Rng(2);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)rng.NextUInt64();
        }

        for (int length = 0; length < 700; length++)
        {
            uint start = (uint)rng.NextUInt64();
            Assert.Equal(~Crc32.AppendByTables(~start, bytes.AsSpan(1, length)), Crc32.Append(start, bytes.AsSpan(1, length)));
        }

        // In pieces as in one.
        Assert.Equal(Crc32.Append(0, bytes), Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, 1234)), bytes.AsSpan(1234)));
    }
}

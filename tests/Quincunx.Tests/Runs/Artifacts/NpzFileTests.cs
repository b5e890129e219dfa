using System.IO.Compression;
using System.Text;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Tests.Runs.Artifacts;

public sealed class NpzFileTests
{
    // NumPy enhancement proposal 1: magic, version 1.0, header length 118 (so that data start at 128), header, data.
    private const string NumpyHeader = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 3), }";

    [Fact]
    public void Write_Doubles_GivesTheDocumentedBytes()
    {
        var stream = new MemoryStream();
        NpyFile.Write(stream, NpyArray.Of([1.5, -2.0, 3.0], 1, 3));
        byte[] expected = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(NumpyHeader.PadRight(117) + "\n"),
            .. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(-2.0), .. BitConverter.GetBytes(3.0)];
        Assert.Equal(expected, stream.ToArray());
    }

    [Fact]
    public void ReadWrite_EveryType_RoundTripsBitForBit()
    {
        using var folder = new ScratchFolder();
        double[] odd = [double.NaN, double.PositiveInfinity, -0.0, double.Epsilon, double.MaxValue, 0.1];
        AtomicFile.Write(folder["a.npz"], "arrays", s => NpzFile.Write(
            s,
            ("d", NpyArray.Of(odd, 2, 3)),
            ("f", NpyArray.Of([1f, float.NaN])),
            ("l", NpyArray.Of([long.MinValue, 7L], 2, 1)),
            ("i", NpyArray.Of([int.MaxValue])),
            ("b", NpyArray.Of(Array.Empty<byte>(), 0, 5)),
            ("o", NpyArray.Of([true, false])),
            ("s", NpyArray.Scalar(2.5))));

        NpzFile back = NpzFile.Read(folder["a.npz"]);

        Assert.Equal(["d", "f", "l", "i", "b", "o", "s"], back.Names);
        Assert.Equal(odd.Select(BitConverter.DoubleToInt64Bits), back.Values<double>("d", 2, 3).Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal([1f, float.NaN], back.Values<float>("f", -1));
        Assert.Equal([long.MinValue, 7L], back.Values<long>("l"));
        Assert.Equal([int.MaxValue], back.Values<int>("i"));
        Assert.Empty(back.Values<byte>("b", 0, 5));
        Assert.Equal([true, false], back.Values<bool>("o"));
        Assert.Equal([2.5], back.Values<double>("s"));
        Assert.Empty(back.Array("s").Shape);
        Assert.Equal(["f"], NpzFile.Read(folder["a.npz"], "f").Names);
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytesThatOtherReadersAccept()
    {
        byte[] once = Bytes(), twice = Bytes();
        Assert.Equal(once, twice);
        using var zip = new ZipArchive(new MemoryStream(once));
        Assert.Equal(["x.npy", "y.npy"], zip.Entries.Select(e => e.FullName));
        Assert.All(zip.Entries, e => Assert.Equal(new DateTime(1980, 1, 1), e.LastWriteTime.DateTime));
        Assert.All(zip.Entries, e => Assert.Equal(e.Length, e.CompressedLength));

        static byte[] Bytes()
        {
            var stream = new MemoryStream();
            NpzFile.Write(stream, ("x", NpyArray.Of([1.0, 2])), ("y", NpyArray.Of([3])));
            return stream.ToArray();
        }
    }

    [Fact]
    public void Read_DeflatedByAnotherProgram_IsUnderstood()
    {
        using var folder = new ScratchFolder();
        using (var zip = new ZipArchive(File.Create(folder["a.npz"]), ZipArchiveMode.Create))
        {
            using Stream entry = zip.CreateEntry("x.npy", CompressionLevel.SmallestSize).Open();
            NpyFile.Write(entry, NpyArray.Of(new double[10_000]));
        }

        Assert.Equal(new double[10_000], NpzFile.Read(folder["a.npz"]).Values<double>("x"));
    }

    [Fact]
    public void Read_AnyByteFlippedOrCutOff_IsNoticed()
    {
        using var folder = new ScratchFolder();
        var stream = new MemoryStream();
        NpzFile.Write(stream, ("x", NpyArray.Of([1.0, 2, 3])));
        byte[] good = stream.ToArray();
        double[] expected = [1, 2, 3];

        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x10;
            AssertNamedOrHarmless(bad);
            AssertNamedOrHarmless(good[..i]);
        }

        // A flip in a field that carries no data (a date, an attribute) may go unnoticed, a wrong number never.
        void AssertNamedOrHarmless(byte[] bytes)
        {
            File.WriteAllBytes(folder["x.npz"], bytes);
            try
            {
                Assert.Equal(expected, NpzFile.Read(folder["x.npz"]).Values<double>("x", 3));
            }
            catch (ArtifactException e)
            {
                Assert.StartsWith(folder["x.npz"] + ": ", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Read_DataByteFlipped_NamesEntryAndChecksums()
    {
        using var folder = new ScratchFolder();
        var stream = new MemoryStream();
        NpzFile.Write(stream, ("x", NpyArray.Of([1.0, 2, 3])));
        byte[] bytes = stream.ToArray();
        bytes[30 + 5 + 128 + 9] ^= 1;
        File.WriteAllBytes(folder["x.npz"], bytes);
        var e = Assert.Throws<ArtifactException>(() => NpzFile.Read(folder["x.npz"]));
        Assert.Matches(@"x\.npz: x\.npy: found checksum [0-9a-f]{8}: the data are damaged, expected [0-9a-f]{8}\.$", e.Message);
        Assert.Equal("x.npy", e.Entry);
    }

    [Fact]
    public void Read_WrongContents_SaysFoundAndExpected()
    {
        using var folder = new ScratchFolder();
        AtomicFile.Write(folder["a.npz"], "arrays", s => NpzFile.Write(s, ("theta", NpyArray.Of([1f, 2f], 1, 2))));
        string path = folder["a.npz"];
        NpzFile file = NpzFile.Read(path);
        Expect($"{path}: theta.npy: found elements of type <f4, expected <f8.", () => file.Values<double>("theta"));
        Expect($"{path}: theta.npy: found shape [1, 2], expected shape [*, 3].", () => file.Values<float>("theta", -1, 3));
        Expect($"{path}: found arrays theta, expected an array 'x'.", () => file.Array("x"));
        Expect($"{path}: found no arrays, expected an array 'x'.", () => NpzFile.Read(path, "x"));
        Expect($"{folder["none"]}: found no such file, expected a readable file.", () => NpzFile.Read(folder["none"]));
        Expect($"{folder.Path}: found a folder, expected a file.", () => NpzFile.Read(folder.Path));
        folder.Write("empty.npz", "");
        Assert.Contains("found a damaged or truncated zip file", Assert.Throws<ArtifactException>(() => NpzFile.Read(folder["empty.npz"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", "found elements of type <c16, expected <f8, <f4, <i8, <i4, |u1, |b1.")]
    [InlineData("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }", "found elements of type >f8, expected <f8, <f4, <i8, <i4, |u1, |b1.")]
    [InlineData("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2), }", "found an array in Fortran order, expected C order (numpy.ascontiguousarray).")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", "found a truncated array: 8 bytes of data, expected 16 for shape [2] of <f8.")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (), }x", "expected {'descr': …, 'fortran_order': …, 'shape': …}.")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,), }", "found an axis of length 99999999999, expected a whole number up to 2147483647.")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (99999, 99999), }", "found shape [99999, 99999], expected at most 2147483591 elements.")]
    public void Read_BadHeader_SaysFoundAndExpected(string header, string message)
    {
        using var folder = new ScratchFolder();
        byte[] text = Encoding.ASCII.GetBytes(header + "\n");
        File.WriteAllBytes(folder["a.npy"], [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. BitConverter.GetBytes(1.0)]);
        Assert.EndsWith(message, Assert.Throws<ArtifactException>(() => NpyFile.Read(folder["a.npy"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Version2AndScalar_IsUnderstood()
    {
        using var folder = new ScratchFolder();
        byte[] text = Encoding.ASCII.GetBytes("{'descr': '<f8', 'fortran_order': False, 'shape': (), }\n");
        File.WriteAllBytes(folder["a.npy"], [0x93, .. "NUMPY"u8, 2, 0, (byte)text.Length, 0, 0, 0, .. text, .. BitConverter.GetBytes(1.25)]);
        Assert.Equal([1.25], NpyFile.Read(folder["a.npy"]).Values<double>());
    }

    [Fact]
    public void Of_WrongShape_ShowsBoth()
    {
        Assert.Equal("Expected 6 elements for shape [2, 3], got 5. (Parameter 'shape')", Assert.Throws<ArgumentException>(() => NpyArray.Of(new double[5], 2, 3)).Message);
        var zip = new MemoryStream();
        Assert.Throws<ArgumentException>(() => NpzFile.Write(zip, ("a", NpyArray.Scalar(1)), ("a", NpyArray.Scalar(1))));
        Assert.Throws<ArgumentException>(() => NpzFile.Write(zip, ("../a", NpyArray.Scalar(1))));
    }

    [Fact]
    public void Append_CheckValue_IsThePublishedOne()
    {
        // CRC-32/ISO-HDLC's check value over "123456789"; pieces must give the same as the whole, whatever their lengths.
        ReadOnlySpan<byte> digits = "123456789"u8;
        Assert.Equal(0xCBF43926u, Crc32.Append(0, digits));
        byte[] bytes = [.. Enumerable.Range(0, 100).Select(i => (byte)(i * i))];
        uint whole = Crc32.Append(0, bytes);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(whole, Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
        }
    }

    private static void Expect(string message, Action action) => Assert.Equal(message, Assert.Throws<ArtifactException>(action).Message);
}

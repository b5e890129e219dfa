using System.Security.Cryptography;
using System.Text;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Tests.Runs.Artifacts;

public sealed class AtomicFileTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(200_001)]
    public void Write_AnyLength_GivesBytesAndTheirHash(int length)
    {
        using var folder = new ScratchFolder();
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];

        FileFingerprint fingerprint = AtomicFile.Write(folder["a/b.bin"], "bytes", stream =>
        {
            stream.Write(bytes.AsSpan(0, length / 3));
            stream.Write(bytes.AsSpan(length / 3));
        });

        Assert.Equal(bytes, File.ReadAllBytes(folder["a/b.bin"]));
        Assert.Equal(new FileFingerprint(Convert.ToHexStringLower(SHA256.HashData(bytes)), length), fingerprint);
        Assert.Equal(fingerprint, FileFingerprint.Of(folder["a/b.bin"]));
        Assert.Single(Directory.GetFiles(folder["a"]));
    }

    [Fact]
    public void Write_CrashAtAnyStep_LeavesOldOrNewFileWhole()
    {
        byte[] old = Encoding.UTF8.GetBytes("old"), fresh = new byte[150_000];
        int steps = 0;
        for (int crashAt = 0; ; crashAt++)
        {
            using var folder = new ScratchFolder();
            File.WriteAllBytes(folder["f"], old);
            steps = 0;
            bool crashed = false;
            void Step(string kind, string path)
            {
                if (steps++ >= crashAt)
                {
                    throw new SimulatedCrashException();
                }
            }

            try
            {
                AtomicFile.Write(folder["f"], "bytes", s => s.Write(fresh), Step);
            }
            catch (SimulatedCrashException)
            {
                crashed = true;
            }

            Assert.Equal(crashed ? old : fresh, File.ReadAllBytes(folder["f"]));
            int leftovers = Directory.GetFiles(folder.Path).Length - 1;
            Assert.Equal(leftovers, AtomicFile.RemoveLeftovers(folder.Path));
            Assert.Single(Directory.GetFiles(folder.Path));
            if (!crashed)
            {
                Assert.Equal(6, steps);                 // create, three buffers, sync, rename
                return;
            }
        }
    }

    [Fact]
    public void Write_ContentThrows_KeepsOldFileAndTheException()
    {
        using var folder = new ScratchFolder();
        folder.Write("f", "old");
        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(folder["f"], "x", _ => throw new InvalidDataException("mine")));
        Assert.Throws<FileNotFoundException>(() => AtomicFile.Write(folder["f"], "x", _ => File.ReadAllText(folder["other"])));
        Assert.Equal("old", File.ReadAllText(folder["f"]));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_FolderIsAFile_SaysSo()
    {
        using var folder = new ScratchFolder();
        folder.Write("f", "x");
        var e = Assert.Throws<ArtifactException>(() => AtomicFile.WriteText(folder["f/g"], "a table", "text"));
        Assert.Contains("while writing a table", e.Message, StringComparison.Ordinal);
    }

    [SmallDiskFact]
    public void Write_DiskFull_NamesPathAndSpaceAndKeepsOldFile()
    {
        using var disk = new SmallDisk(kibibytes: 64);
        AtomicFile.WriteText(disk["posterior.npz"], "posterior draws", "old");
        var e = Assert.Throws<ArtifactException>(
            () => AtomicFile.Write(disk["posterior.npz"], "posterior draws", s => s.Write(new byte[1_000_000])));

        Assert.Matches(
            @"^.*posterior\.npz: found a full disk while writing posterior draws \([\d,]+ bytes written, [\d,]+ bytes free in .*\), "
            + "expected more free space, or another folder with --out; the previous file, if any, is unchanged.$",
            e.Message);
        Assert.Equal("old", File.ReadAllText(disk["posterior.npz"]));
        Assert.Single(Directory.GetFiles(disk.Path));

        AtomicFile.Write(disk["posterior.npz"], "posterior draws", s => s.Write(new byte[20_000]));   // the space came back
        Assert.Equal(20_000, new FileInfo(disk["posterior.npz"]).Length);
    }

    [SmallDiskFact]
    public void Write_ReadOnlyFolder_NamesPathAndKeepsOldFile()
    {
        using var disk = new SmallDisk(kibibytes: 64);
        AtomicFile.WriteText(disk["f"], "text", "old");
        disk.MakeReadOnly();
        var e = Assert.Throws<ArtifactException>(() => AtomicFile.WriteText(disk["f"], "metrics", "new"));
        Assert.Equal(
            disk["f"] + ": found a folder or file that is read-only while writing metrics, expected permission to write, or another folder "
            + "with --out; the previous file, if any, is unchanged.",
            e.Message);
        Assert.Equal("old", File.ReadAllText(disk["f"]));
    }

    private sealed class SimulatedCrashException : Exception;
}

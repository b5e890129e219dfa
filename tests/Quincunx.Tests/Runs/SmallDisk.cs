using System.Diagnostics;

namespace Quincunx.Tests.Runs;

/// <summary>A file system of a few kilobytes that is really full when it is full (tmpfs; needs root on Linux).</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk(int kibibytes)
    {
        Path = Directory.CreateTempSubdirectory("quincunx-disk-").FullName;
        if (!Command("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "quincunx-test", Path))
        {
            Directory.Delete(Path);
            throw new InvalidOperationException("mount failed");
        }
    }

    public static bool CanMount { get; } = Probe();

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Resize(int kibibytes) => Assert.True(Command("mount", "-o", $"remount,size={kibibytes}k", Path));

    public void MakeWritable() => Assert.True(Command("mount", "-o", "remount,rw", Path));

    public void MakeReadOnly() => Assert.True(Command("mount", "-o", "remount,ro", Path));

    public void Dispose()
    {
        Assert.True(Command("umount", Path));
        Directory.Delete(Path);
    }

    private static bool Probe()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return false;
        }

        try
        {
            new SmallDisk(kibibytes: 16).Dispose();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool Command(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

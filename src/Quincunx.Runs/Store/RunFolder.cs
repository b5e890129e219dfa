using System.Text;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Store;

/// <summary>The folder that a study's results are kept in, locked for this process until it is disposed.</summary>
public sealed class RunFolder : IDisposable
{
    private const string LockName = ".lock", HolderName = ".lock-holder", CheckpointFolder = ".checkpoints";
    private readonly FileStream _lock;
    private readonly DiskStep? _step;

    private RunFolder(string path, FileStream @lock, RunManifest manifest, TimeProvider clock, DiskStep? step)
    {
        (Path, _lock, Manifest, Clock, _step) = (path, @lock, manifest, clock, step);
    }

    /// <summary>The folder, as the user named it.</summary>
    public string Path { get; }

    /// <summary>The manifest as it is on disk.</summary>
    public RunManifest Manifest { get; private set; }

    /// <summary>What times are taken from.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Where the run of a study is kept unless <c>--out</c> says otherwise: <c>runs/NAME</c> under the current folder.</summary>
    public static string DefaultPath(IStudy study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return System.IO.Path.Combine("runs", study.Name);
    }

    /// <summary>Reads the manifest of a folder without locking or changing anything; null if it has none.</summary>
    /// <exception cref="ArtifactException">The manifest is damaged or of a newer format.</exception>
    public static RunManifest? ReadManifest(string path) => ManifestFile.Read(System.IO.Path.Combine(path, RunManifest.FileName));

    /// <summary>Opens or creates the run folder of a study, locks it, and removes what a killed process left half written.</summary>
    /// <exception cref="ArtifactException">The folder is of a newer version, of another study, in use, full of other things, damaged in
    /// its manifest, or cannot be written. Nothing in it was changed then.</exception>
    public static RunFolder Open(string path, IStudy study, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(study);
        return Open(path, study.Name, study.Title, study.Seed, study.Inputs, clock, step: null);
    }

    internal static RunFolder Open(
        string path, string study, string title, ulong seed, IReadOnlyList<StudyInput> inputs, TimeProvider clock, DiskStep? step)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string manifestPath = System.IO.Path.Combine(path, RunManifest.FileName);
        RequireOurs(path, study, ManifestFile.Read(manifestPath));
        FileStream held = Lock(path);
        try
        {
            AtomicFile.RemoveLeftovers(path);
            // Read again: another process may have changed it before the lock was ours.
            RunManifest? found = ManifestFile.Read(manifestPath);
            RequireOurs(path, study, found, locked: true);
            RunManifest manifest = (found ?? new RunManifest(RunManifest.CurrentFormat, study, title, seed, clock.GetUtcNow(), RunHost.Current(), [], [])) with
            {
                Title = title,
                Seed = seed,
                Host = RunHost.Current(),
                Inputs = [.. inputs.Select(i => new OutputFile(i.Name, i.Fingerprint.Sha256, i.Fingerprint.Bytes))],
            };
            var folder = new RunFolder(path, held, manifest, clock, step);
            folder.SaveManifest(manifest);
            return folder;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Path of a file in this folder.</summary>
    /// <param name="file">Relative, with forward slashes.</param>
    public string PathOf(string file) => IsFileName(file)
        ? System.IO.Path.Combine(Path, file.Replace('/', System.IO.Path.DirectorySeparatorChar))
        : throw new ArgumentException($"Expected a relative path inside the run folder, got '{file}'.", nameof(file));

    /// <summary>Gives the folder back to other processes.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(System.IO.Path.Combine(Path, HolderName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only a message for others depends on it.
        }

        _lock.Dispose();
    }

    /// <summary>Plain relative names that are not the folder's own: letters, digits, '_', '-', '.', and '/' between parts.</summary>
    internal static bool IsFileName(string file) =>
        file.Length > 0 && file != RunManifest.FileName
        && file.Split('/').All(part => part.Length > 0 && part[0] != '.' && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'));

    internal string CheckpointPath(string stage, string name) =>
        System.IO.Path.Combine(Path, CheckpointFolder, $"{stage}.{name}.checkpoint");

    internal FileFingerprint Write(string path, string what, Action<Stream> write) => AtomicFile.Write(path, what, write, _step);

    internal void Delete(string path)
    {
        _step?.Invoke("delete", path);
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Then the file is not there either.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskFault.Writing(path, "its removal", 0, e);
        }
    }

    internal void PutAside(string path, string aside)
    {
        _step?.Invoke("rename", aside);
        try
        {
            File.Move(path, aside, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskFault.Writing(aside, "a file that is put aside", 0, e);
        }
    }

    internal void DeleteCheckpoints(string stage)
    {
        string folder = System.IO.Path.Combine(Path, CheckpointFolder);
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (string file in Directory.EnumerateFiles(folder, stage + ".*.checkpoint").Order(StringComparer.Ordinal).ToList())
        {
            Delete(file);
        }

        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            _step?.Invoke("delete", folder);
            Directory.Delete(folder);
        }
    }

    internal void SaveManifest(RunManifest manifest)
    {
        Write(System.IO.Path.Combine(Path, RunManifest.FileName), "the manifest", stream => JsonArtifact.Write(stream, manifest));
        Manifest = manifest;
    }

    private static void RequireOurs(string path, string study, RunManifest? manifest, bool locked = false)
    {
        if (manifest is not null && manifest.Study != study)
        {
            throw new ArtifactException(path, $"the run of study '{manifest.Study}'", $"a run of '{study}' (choose another folder with --out)");
        }

        if (File.Exists(path))
        {
            throw new ArtifactException(path, "a file", "a folder for the run");
        }

        // A lock file marks a folder that was ours before its first manifest was written, or whose manifest the user deleted.
        if (manifest is null && !locked && Directory.Exists(path) && !File.Exists(System.IO.Path.Combine(path, LockName))
            && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new ArtifactException(path, "a folder with other files and no " + RunManifest.FileName, "an empty folder, a new one, or that of a run");
        }
    }

    // The operating system holds the lock for the open file and drops it when the process ends, however it ends: none can be stale.
    private static FileStream Lock(string path)
    {
        string lockPath = System.IO.Path.Combine(path, LockName), holderPath = System.IO.Path.Combine(path, HolderName);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskFault.Writing(path, "a new run folder", 0, e);
        }

        FileStream held;
        try
        {
            held = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsSharingViolation(e))
        {
            throw new ArtifactException(path, $"a run folder in use by {Holder(holderPath)}", "one that no other process works in", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskFault.Writing(lockPath, "a lock", 0, e);
        }

        try
        {
            File.WriteAllText(holderPath, $"process {Environment.ProcessId} on {Environment.MachineName}", new UTF8Encoding(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held.Dispose();
            throw DiskFault.Writing(holderPath, "a lock", 0, e);
        }

        return held;
    }

    // EWOULDBLOCK of flock: 11 on Linux, 35 on macOS; ERROR_SHARING_VIOLATION on Windows.
    private static bool IsSharingViolation(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static string Holder(string path)
    {
        try
        {
            return File.ReadAllText(path) is { Length: > 0 } text ? text : "another process";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}

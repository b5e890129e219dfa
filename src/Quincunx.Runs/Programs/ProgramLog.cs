using System.Text;

namespace Quincunx.Runs.Programs;

/// <summary>What one worker's processes write on their standard error, and what became of them: the end of it in memory, and in a file where there is a folder.</summary>
/// <remarks>The file is cut off at a size; what was before is kept once, under another name, so that a program that talks without end fills no disk.</remarks>
internal sealed class ProgramLog(int worker, TimeProvider clock) : IDisposable
{
    private const int Tail = 4096, Early = 1 << 16;
    private const long LargestFile = 1 << 20;
    private readonly Lock _gate = new();
    private readonly List<byte> _tail = [], _early = [];        // the end, to be quoted; and what came before there was a folder
    private FileStream? _file;
    private string? _folder;

    /// <summary>Puts what comes, and what came so far, into a file of this folder.</summary>
    public void KeepIn(string folder)
    {
        lock (_gate)
        {
            _file?.Dispose();
            (_folder, _file) = (folder, null);
            WriteFile([.. _early]);
            _early.Clear();
        }
    }

    /// <summary>Forgets the end of what was written so far, so that <see cref="Recent"/> is of what is to come alone.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _tail.Clear();
        }
    }

    /// <summary>The last lines that were written since <see cref="Forget"/>; empty if none.</summary>
    public string Recent(int lines = 12)
    {
        lock (_gate)
        {
            string text = Encoding.UTF8.GetString([.. _tail]).TrimEnd();
            return string.Join('\n', text.Split('\n').Select(line => line.TrimEnd('\r')).TakeLast(lines));
        }
    }

    /// <summary>A line of our own.</summary>
    public void Say(string text)
    {
        lock (_gate)
        {
            WriteFile(Encoding.UTF8.GetBytes($"[{clock.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z quincunx] {text}\n"));
        }
    }

    /// <summary>Something that the program wrote.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _tail.AddRange(bytes.Length > Tail ? bytes[^Tail..] : bytes);
            if (_tail.Count > 2 * Tail)
            {
                _tail.RemoveRange(0, _tail.Count - Tail);
            }

            WriteFile(bytes);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            (_file, _folder) = (null, null);
        }
    }

    private void WriteFile(ReadOnlySpan<byte> bytes)
    {
        if (_folder is null)
        {
            _early.AddRange(bytes[..Math.Min(bytes.Length, Math.Max(0, Early - _early.Count))]);
            return;
        }

        try
        {
            string path = Path.Combine(_folder, $"worker-{worker}.log");
            if (_file is { Length: > LargestFile })
            {
                _file.Dispose();
                _file = null;
                File.Move(path, Path.Combine(_folder, $"worker-{worker}.old.log"), overwrite: true);
            }

            if (_file is null)
            {
                Directory.CreateDirectory(_folder);
                _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            }

            _file.Write(bytes);
            _file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A log that cannot be written is no reason to lose simulations.
            _folder = null;
        }
    }
}

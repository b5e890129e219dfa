using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Programs;

/// <summary>Makes a program from its sources, once for all that have the same.</summary>
/// <remarks>
/// The folder <c>.build/HASH</c> beside the study is named by command, environment, sources and kind of machine. It is made under another name and then renamed, so that it is whole where it is there,
/// whoever else makes it at the same time.
/// </remarks>
internal static class ProgramBuild
{
    private const string Placeholder = "{build}", Root = ".build";
    private static int _attempts;

    /// <summary>Words with the folder in place of its placeholder.</summary>
    public static IReadOnlyList<string> Fill(IReadOnlyList<string> words, string folder) => [.. words.Select(word => word.Replace(Placeholder, folder, StringComparison.Ordinal))];

    /// <returns>Full path of the folder with the program.</returns>
    /// <exception cref="ProgramException">It cannot be made.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the compiler is gone.</exception>
    public static string Ensure(ProgramOptions options, CancellationToken cancel)
    {
        string root = Path.Combine(Path.GetFullPath(options.Folder), Root), folder = Path.Combine(root, Key(options));
        if (Directory.Exists(folder))
        {
            return folder;
        }

        string attempt = FormattableString.Invariant($"{folder}.{Environment.MachineName}-{Environment.ProcessId}-{Interlocked.Increment(ref _attempts)}");
        try
        {
            Directory.CreateDirectory(attempt);
            Run(options, Fill(options.Build!, attempt), cancel);
            Directory.Move(attempt, folder);
            return folder;
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(attempt, recursive: true);         // another process was first, with the same
            return folder;
        }
        catch (Exception e)
        {
            Remove(attempt);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new ProgramException(options.File, options.Build!, $"that {folder} cannot be made ({e.Message})", "a folder of the study that can be written to", inner: e);
            }

            throw;
        }
    }

    private static void Run(ProgramOptions options, IReadOnlyList<string> command, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(ProgramProcess.Locate(command[0], options.Folder))
        {
            WorkingDirectory = options.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string word in command.Skip(1))
        {
            start.ArgumentList.Add(word);
        }

        foreach ((string name, string value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None), errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            using (cancel.Register(() => process.Kill(entireProcessTree: true)))
            {
                process.WaitForExit();
            }

            cancel.ThrowIfCancellationRequested();
            if (process.ExitCode != 0)
            {
                throw new ProgramException(
                    options.File, command, $"exit code {process.ExitCode} of the build", "0", string.Join('\n', (output.Result + errors.Result).TrimEnd().Split('\n').Take(20)));
            }
        }
        catch (Win32Exception e)
        {
            throw new ProgramException(options.File, command, $"that it cannot be started ({e.Message})", "a compiler, or another program that makes the simulator", inner: e);
        }
    }

    private static string Key(ProgramOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string word in (IEnumerable<string>)
            [RuntimeInformation.RuntimeIdentifier, .. options.Build!, "environment", .. options.Environment.Select(v => $"{v.Name}={v.Value}"), "files",
             .. options.Files.SelectMany(file => new[] { file, FileFingerprint.Of(Path.Combine(options.Folder, file)).Sha256 })])
        {
            hash.AppendData(Encoding.UTF8.GetBytes(word));
            hash.AppendData([0]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has a name of its own and stands in nobody's way.
        }
    }
}

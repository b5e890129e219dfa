using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Runs the same steps with torch, in another process for each number of threads.</summary>
/// <remarks>
/// The script gets <c>--threads N</c>, perhaps <c>--quick</c>, and the names of our rows. It prints a line of JSON with <c>peer</c> and <c>detail</c>, and then one with the
/// fields of <see cref="PeerRow"/> for each row that it knows. Settings of OpenBLAS in the environment are not passed on: some machines have it compute as on an older processor.
/// </remarks>
internal static class TorchPeer
{
    private const string Settings = "OPENBLAS_";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <param name="python">The interpreter.</param>
    /// <param name="rows">Ours: the script is asked for those alone that it knows.</param>
    public static PeerOutcome Run(string python, string script, IReadOnlyList<EngineRow> rows, Effort effort, CancellationToken cancel)
    {
        if (!File.Exists(script))
        {
            return new PeerOutcome(null, $"found no script {script}; run the command in the folder of the repository.");
        }

        string head = "", detail = "";
        var found = new List<PeerRow>();
        foreach (IGrouping<int, EngineRow> group in rows.GroupBy(row => row.Threads))
        {
            (int code, string output, string error) = Start(python, script, group.Key, [.. group.Select(row => row.Name).Distinct(StringComparer.Ordinal)], effort, cancel);
            string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (code != 0 || lines.Length == 0)
            {
                string reason = error.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? $"exit code {code}";
                return new PeerOutcome(null, $"{python} could not run {script}: {reason}");
            }

            try
            {
                (head, detail) = JsonSerializer.Deserialize<Head>(lines[0], Json)!;
                found.AddRange(lines.Skip(1).Select(line => JsonSerializer.Deserialize<PeerRow>(line, Json)!));
            }
            catch (JsonException e)
            {
                return new PeerOutcome(null, $"{script} printed what is not a row: {e.Message}");
            }
        }

        return new PeerOutcome(new PeerReport(head, detail, found), null);
    }

    private static (int Code, string Output, string Error) Start(
        string python, string script, int threads, IReadOnlyList<string> names, Effort effort, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(python)
        {
            ArgumentList = { script, "--threads", threads.ToString(CultureInfo.InvariantCulture) },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (effort.IsSmoke)
        {
            start.ArgumentList.Add("--quick");
        }

        foreach (string name in names)
        {
            start.ArgumentList.Add(name);
        }

        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith(Settings, StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        try
        {
            using Process process = Process.Start(start)!;
            using CancellationTokenRegistration registration = cancel.Register(() => process.Kill(entireProcessTree: true));
            Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None), error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            process.WaitForExit();
            cancel.ThrowIfCancellationRequested();
            return (process.ExitCode, output.Result, error.Result);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return (-1, "", e.Message);
        }
    }

    private sealed record Head(string Peer, string Detail);
}

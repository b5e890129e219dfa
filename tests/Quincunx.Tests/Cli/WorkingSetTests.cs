using System.Diagnostics;
using System.Globalization;
using Quincunx.Cli;
using Quincunx.Tests.Runs;

namespace Quincunx.Tests.Cli;

/// <summary>The memory of the program itself, where simulations take more than the study allows them.</summary>
[Trait("Category", "Slow")]
public sealed class WorkingSetTests
{
    private const int RowBytes = 20 * sizeof(double);

    // 16 MiB of 50 and of 200 MB. What a process takes besides, the runtime and its heaps, differs by some ten MB from run to run; data that were kept would be 150 MB more.
    [Fact]
    public void Train_OnFourTimesTheSimulations_TakesNoMoreMemory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;                 // the peak is read from /proc
        }

        long small = PeakOf(megabytes: 50), large = PeakOf(megabytes: 200);
        Assert.True(large < small + 40_000_000, $"50 MB took {small:N0} bytes, 200 MB took {large:N0}");
        Assert.True(large < 200_000_000, $"200 MB took {large:N0} bytes");
    }

    private static long PeakOf(int megabytes)
    {
        using var scratch = new ScratchFolder();
        string prior = string.Join("\n", Enumerable.Range(1, 10).Select(i => $"  theta_{i}: {{ normal: {{ mean: 0, sd: 0.3 }} }}"));
        scratch.Write("big/study.yaml", $$"""
            format: 1
            simulator: gaussian-linear
            prior:
            {{prior}}
            observation: { values: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }
            inference:
              simulations: {{(megabytes * 1_000_000 / RowBytes).ToString(CultureInfo.InvariantCulture)}}
              memory: 16 MiB
              flow: { kind: affine-autoregressive, transforms: 1, hidden: [16] }
              training: { batch: 1000, max-epochs: 1 }
            """);
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(CliApp).Assembly.Location, "train", "big", "--quiet"])
        {
            WorkingDirectory = scratch.Path,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        long peak = 0;
        while (!process.WaitForExit(20))
        {
            peak = Math.Max(peak, PeakOf(process));
        }

        Assert.Equal("", process.StandardError.ReadToEnd());
        Assert.Equal(0, process.ExitCode);
        Assert.True(peak > 0);
        return peak;
    }

    private static long PeakOf(Process process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;               // it has just ended
        }
    }
}

using System.Diagnostics;
using Quincunx.Cli;
using Quincunx.Runs.Store;
using Quincunx.Tests.Runs;

namespace Quincunx.Tests.Cli;

/// <summary>The program itself, as a shell starts it.</summary>
public sealed class ProcessTests
{
    [Fact]
    public void Run_OutputClosedThenTerminated_EndsWithFourAndKeepsTheRun()
    {
        if (OperatingSystem.IsWindows())
        {
            return;                 // there is no such signal
        }

        using var scratch = new ScratchFolder();
        // Minutes of work, of which a second or so is done.
        scratch.Write("toy/study.yaml", CliCase.Study.Replace("simulations: 100", "simulations: 200000000", StringComparison.Ordinal));
        using Process process = Start(scratch.Path, "run", "toy");
        try
        {
            Assert.Equal("simulate-1 (1 of 5): started, not run before", process.StandardOutput.ReadLine());
            process.StandardOutput.Close();                     // what "| head -1" does
            Thread.Sleep(100);
            Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
            string error = process.StandardError.ReadToEnd();
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "it does not end");
            Assert.Equal(
                $"Interrupted. What is done so far is kept in {Path.Combine("runs", "toy")}; the same command goes on from there:\n  quincunx run toy\n", error);
            Assert.Equal(4, process.ExitCode);
            Assert.Equal(StageStatus.Interrupted, RunFolder.ReadManifest(scratch["runs/toy"])!.Find("simulate-1")!.Status);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    [Fact]
    public void Version_OfTheProgram_IsPrintedInAscii()
    {
        using var scratch = new ScratchFolder();
        using Process process = Start(scratch.Path, "--version");
        Assert.Equal($"quincunx {ErrorReport.Version}{Environment.NewLine}", process.StandardOutput.ReadToEnd());
        Assert.Equal("", process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static Process Start(string folder, params string[] args) => Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(CliApp).Assembly.Location, .. args])
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    })!;
}

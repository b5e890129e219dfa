using System.Text.Json;
using Quincunx.Runs.Onnx;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Cli;

/// <summary><c>export</c> of real runs of a second.</summary>
public sealed class ExportCommandTests
{
    [Fact]
    public void Export_FinishedRun_WritesAModelThatGivesItsDensities()
    {
        using CliCase cli = LineProgram.Case();
        new LineStudy { Diagnostics = "{ sbc: 0, coverage: false, predictive: 0 }" }.Write(cli.Scratch);
        Assert.Equal(0, cli.Run("train", "line/study.yaml", "--quiet"));
        Assert.Equal(0, cli.Run("export", "line", "--onnx", "out/line.onnx"));
        Assert.Equal("", cli.Error);
        Assert.Matches("^Wrote .*line.onnx: log q\\(theta \\| x\\) of line, [0-9]+ bytes.\n  in   theta: Float64 \\[batch, 2\\] \\(start, slope\\)\n  in   x: Float64 \\[batch, 3\\]\n", cli.Output);
        OnnxModel model = OnnxModel.Read(cli["out/line.onnx"]);
        Assert.Equal(("posterior", "line", "start,slope"), (model.Name, model.Metadata["quincunx.study"], model.Metadata["quincunx.parameters"]));
        Assert.Equal(["line.onnx"], Directory.EnumerateFileSystemEntries(cli["out"]).Select(Path.GetFileName));

        byte[] first = File.ReadAllBytes(cli["out/line.onnx"]);
        Assert.Equal(0, cli.Run("export", "runs/line", "--onnx", "out/line.onnx", "--sampler", "out/draws.onnx", "--json"));
        Assert.Equal(["noise", "x", "theta"], OnnxModel.Read(cli["out/draws.onnx"]) is var draws ? [.. draws.Inputs.Select(i => i.Name), draws.Outputs.Single().Name] : []);
        Assert.Equal(2, cli.Json.Count());
        JsonElement record = cli.Json.First();
        Assert.Equal("export", record.GetProperty("event").GetString());
        Assert.InRange(record.GetProperty("difference").GetDouble(), 0, 1e-5);
        Assert.Equal(first, File.ReadAllBytes(cli["out/line.onnx"]));
    }

    [Fact]
    public void Export_WhatIsNoTrainedRun_SaysSoWithCodeTwo()
    {
        using CliCase cli = LineProgram.Case();
        new LineStudy().Write(cli.Scratch);
        AssertRefused(cli, "no such folder, expected the folder of a run", "nowhere");
        AssertRefused(cli, "a folder without manifest.json, expected the folder of a run");
        Assert.Equal(0, cli.Run("simulate", "line/study.yaml", "--quiet", "--out", "half"));
        AssertRefused(cli, "found a run whose network is not trained yet", "half");
    }

    [Fact]
    public void Export_DamagedOrOlderFiles_SayWhatToDo()
    {
        using CliCase cli = LineProgram.Case();
        new LineStudy { Simulations = 100, Epochs = 1 }.Write(cli.Scratch);
        Assert.Equal(0, cli.Run("train", "line/study.yaml", "--quiet"));
        string weights = cli["runs/line/network/round-1.npz"];
        byte[] bytes = File.ReadAllBytes(weights);
        bytes[^40] ^= 1;
        File.WriteAllBytes(weights, bytes);
        AssertRefused(cli, "round-1.npz: found other bytes than were written");
        File.Delete(weights);
        AssertRefused(cli, "round-1.npz: found no such file");
    }

    [Fact]
    public void Export_FileThatCannotBeWritten_SaysSoAndLeavesNothing()
    {
        using CliCase cli = LineProgram.Case();
        new LineStudy { Simulations = 100, Epochs = 1 }.Write(cli.Scratch);
        Assert.Equal(0, cli.Run("train", "line/study.yaml", "--quiet"));
        Directory.CreateDirectory(cli["taken"]);
        Assert.Equal(2, cli.Run("export", "line", "--onnx", "taken"));
        Assert.Equal(2, cli.Run("export", "line", "--onnx", ""));
        Assert.Contains("Found an empty path", cli.Error, StringComparison.Ordinal);
        Assert.Equal(2, cli.Run("export", "line"));
        Assert.Contains("Found nothing to write, expected --onnx FILE, --simulations FILE or both", cli.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(cli.Scratch.Path, "*.partial", SearchOption.AllDirectories));
    }

    private static void AssertRefused(CliCase cli, string message, string run = "line")
    {
        Assert.Equal(2, cli.Run("export", run, "--onnx", "line.onnx"));
        Assert.Contains(message, cli.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(cli["line.onnx"]));
    }
}

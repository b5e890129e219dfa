using System.Text.Json;

namespace Quincunx.Tests.Cli;

public sealed class EngineBenchTests
{
    [Fact]
    public void Engine_Quick_WritesEveryRowWithItsFields()
    {
        using var cli = new CliCase();
        Assert.Equal(0, cli.Run("bench", "engine", "--quick", "--json", "out/engine.json", "--markdown", "out/engine.md"));
        JsonElement document = JsonDocument.Parse(File.ReadAllText(cli["out/engine.json"])).RootElement;
        Assert.Equal(["format", "machine", "smoke", "rows", "peer"], document.EnumerateObject().Select(p => p.Name));
        Assert.Equal((1, true), (document.GetProperty("format").GetInt32(), document.GetProperty("smoke").GetBoolean()));
        Assert.Equal(["processor", "cores", "simd", "runtime", "platform", "date"], document.GetProperty("machine").EnumerateObject().Select(p => p.Name));
        Assert.Equal(Environment.ProcessorCount, document.GetProperty("machine").GetProperty("cores").GetInt32());
        JsonElement[] rows = [.. document.GetProperty("rows").EnumerateArray()];
        string[] kinds = ["String", "Number", "String", "Number", "String", "Number", "String"];
        foreach (JsonElement row in rows)
        {
            Assert.Equal(["name", "threads", "dtype", "median", "unit", "share", "bound"], row.EnumerateObject().Select(p => p.Name));
            Assert.Equal(kinds, row.EnumerateObject().Select(p => p.Value.ValueKind.ToString()));
            Assert.True(row.GetProperty("share").GetDouble() >= 0);
            string bound = row.GetProperty("bound").GetString()!;
            Assert.Contains($" {row.GetProperty("unit").GetString()} (", bound, StringComparison.Ordinal);
            Assert.True(bound.Contains("(target", StringComparison.Ordinal) || double.Parse(bound.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) > 0);
        }

        string[] keys = [.. rows.Select(r => $"{r.GetProperty("name")}, {r.GetProperty("threads")}, {r.GetProperty("dtype")}")];
        Assert.Equal(keys.Length, keys.Distinct(StringComparer.Ordinal).Count());
        foreach (string part in new[] { "fused multiply-add peak", "bandwidth, triad", "product ", "exp,", "MLP step", "NPE step, spline", "NPE step, affine", "posterior sampling", "ratio step", "second-order" })
        {
            Assert.Contains(keys, key => key.Contains(part, StringComparison.Ordinal));
            Assert.Contains(part, cli.Output, StringComparison.Ordinal);
        }

        Assert.Contains("its figures mean nothing", cli.Output, StringComparison.Ordinal);
        string page = File.ReadAllText(cli["out/engine.md"]);
        Assert.StartsWith("# The engine, as a share of what bounds it\n", page, StringComparison.Ordinal);
        Assert.Contains("bench engine --json out/engine.json --markdown out/engine.md --quick", page, StringComparison.Ordinal);
        Assert.Equal(rows.Length, page.Split('\n').Count(line => line.Contains("| float", StringComparison.Ordinal)));
        Assert.Contains("Matrix products: ", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Engine_Filter_MeasuresThoseRowsAlone()
    {
        using var cli = new CliCase();
        Assert.Equal(0, cli.Run("bench", "engine", "--quick", "--filter", "RATIO STEP"));
        Assert.Equal("Ratio estimation", cli.Error.Split(':')[0]);
        Assert.DoesNotContain("product", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Engine_FilterOfNothing_EndsWithTwo()
    {
        using var cli = new CliCase();
        Assert.Equal(2, cli.Run("bench", "engine", "--quick", "--filter", "porduct"));
        Assert.Equal("--filter: found 'porduct', expected a part of the name of a row or section, such as 'product' or 'NPE step'.\n", cli.Error);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--markdown")]
    public void Engine_FileThatCannotBeWritten_EndsWithTwoBeforeMeasuring(string option)
    {
        using var cli = new CliCase();
        Assert.Equal(2, cli.Run("bench", "engine", option, "toy/study.yaml/below"));
        Assert.Contains("study.yaml", cli.Error, StringComparison.Ordinal);
        Assert.Equal("", cli.Output);
    }

    [Theory]
    [InlineData("--rounds")]
    [InlineData("--json")]
    [InlineData("quick")]
    public void Engine_BadArguments_EndWithTwo(string argument)
    {
        using var cli = new CliCase();
        Assert.Equal(2, cli.Run("bench", "engine", argument));
        Assert.Contains("See 'quincunx bench engine --help'.", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Engine_TorchThatIsAbsent_IsSaidAndIsNoFailure()
    {
        using var cli = new CliCase();
        cli.Scratch.Write("bench/peers/engine_torch.py", "");
        Assert.Equal(0, cli.Run("bench", "engine", "--quick", "--filter", "ratio step", "--torch", "no-such-python"));
        Assert.Contains("\nNo figures of torch: no-such-python could not run ", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Engine_Interrupted_EndsWithFour()
    {
        using var cli = new CliCase();
        using var source = new CancellationTokenSource();
        source.Cancel();
        cli.Cancel = source.Token;
        Assert.Equal(4, cli.Run("bench", "engine", "--quick"));
    }
}

using System.Reflection;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Runs.Studies;

namespace Quincunx.Tests.Runs.Programs;

/// <summary>Simulators of assemblies: those of Quincunx.Physics, which knows nothing of studies, and of this one.</summary>
public sealed class AssemblyStudyTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public AssemblyStudyTests() => AssemblyFolder.Fill(_scratch, "bin");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Load_TypeOfAnAssembly_IsTheSimulatorInAContextOfItsOwn()
    {
        using Study study = Load("{ assembly: bin/Quincunx.Physics.dll, type: Quincunx.Physics.Toys.TwoMoons }");
        double[] x = new double[2], expected = new double[2];

        study.Simulator.Simulate([0.1, 0.2], x, new Rng(4));
        new TwoMoons().Simulate([0.1, 0.2], expected, new Rng(4));

        Assert.Equal(expected, x);
        Assert.IsNotType<TwoMoons>(study.Simulator, exactMatch: false);
        Assert.IsAssignableFrom<ILikelihood>(study.Simulator);
        Assert.Equal("Quincunx.Physics.Toys.TwoMoons", study.SimulatorName);
        Assert.Equal(["bin/Quincunx.Physics.dll"], study.SimulatorFiles.Select(f => f.Name));
        Assert.Contains(study.SimulatorFiles[0], study.Inputs);
    }

    [Fact]
    public void Load_Options_AreArgumentsOfTheConstructor()
    {
        using Study study = Load($"{{ assembly: bin/Quincunx.Tests.dll, type: {typeof(Shifted).FullName}, options: {{ by: 2.5, times: 3, name: y }} }}", shifted: true);
        double[] x = new double[1];

        study.Simulator.Simulate([1], x, new Rng(1));

        Assert.Equal(8.5, x[0]);
        Assert.Equal(["y"], study.Simulator.OutputNames);
        Assert.Equal(["by", "name", "times"], study.SimulatorOptions.All.Select(o => o.Name));
    }

    [Theory]
    [InlineData("bin/none.dll", "A", "simulator.assembly: found no such file ")]
    [InlineData("study.yaml", "A", "simulator.assembly: found a file that is no .NET assembly (")]
    [InlineData("bin/Quincunx.Physics.dll", "TwoMoons", "simulator.type: found no type 'TwoMoons' in Quincunx.Physics.dll, expected one of Quincunx.Physics.")]
    [InlineData("bin/Quincunx.Physics.dll", "Quincunx.Physics.Queues.QueueOutputs", "simulator.type: found type 'Quincunx.Physics.Queues.QueueOutputs', which does not implement Quincunx.Inference.Simulation.ISimulator, expected a public simulator.")]
    [InlineData("bin/Quincunx.Tests.dll", "Quincunx.Tests.Runs.Programs.Ambiguous", "simulator.type: found 2 public constructors of 'Quincunx.Tests.Runs.Programs.Ambiguous', expected one, whose parameters are the keys of options.")]
    [InlineData("bin/Quincunx.Tests.dll", "Quincunx.Tests.Runs.Programs.Shifted", "simulator.type: found no options, expected by: a number.")]
    public void Load_TypeThatCannotBeUsed_SaysWhy(string assembly, string type, string message)
    {
        var error = Assert.Throws<StudyException>(() => Load($"{{ assembly: {assembly}, type: {type} }}"));

        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("by: 1, names: y", "simulator.options.names: found the unknown key 'names'")]
    [InlineData("by: much", "simulator.options.by: found 'much', expected a number")]
    [InlineData("by: -1", "simulator.type: found a constructor that throws ArgumentOutOfRangeException (")]
    public void Load_OptionsThatCannotBe_SaysWhy(string options, string message)
    {
        var error = Assert.Throws<StudyException>(() => Load($"{{ assembly: bin/Quincunx.Tests.dll, type: {typeof(Shifted).FullName}, options: {{ {options} }} }}"));

        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Shared_NewerVersionThanOurs_IsRefused()
    {
        Assert.Same(typeof(ISimulator).Assembly, StudyAssembly.Shared(new AssemblyName("Quincunx.Inference, Version=0.0.1.0")));
        Assert.Null(StudyAssembly.Shared(new AssemblyName("Quincunx.Physics, Version=99.0.0.0")));
        Assert.Contains("an assembly made for Quincunx.Inference 99.0.0.0, expected one for ", Assert.Throws<FormatException>(() => StudyAssembly.Shared(new AssemblyName("Quincunx.Inference, Version=99.0.0.0"))).Message);
    }

    private Study Load(string simulator, bool shifted = false) => Study.Load(
        _scratch.Write("study.yaml", $$"""
            format: 1
            simulator: {{simulator}}
            prior:
              {{(shifted ? "theta: { normal: { mean: 0, sd: 1 } }" : "theta_1: { normal: { mean: 0, sd: 1 } }\n  theta_2: { normal: { mean: 0, sd: 1 } }")}}
            observation: { values: {{(shifted ? "[1]" : "[1, 2]")}} }
            """),
        new ToyCatalog());
}

/// <summary>y = theta + times · by.</summary>
public sealed class Shifted : ISimulator
{
    private readonly double _shift;

    public Shifted(double by, int times = 1, string name = "x")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(by);
        (_shift, OutputNames) = (by * times, [name]);
    }

    public IReadOnlyList<string> ParameterNames => ["theta"];

    public IReadOnlyList<string> OutputNames { get; }

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng) => x[0] = theta[0] + _shift;
}

/// <summary>A simulator that cannot be made without a choice.</summary>
public sealed class Ambiguous : ISimulator
{
    public Ambiguous()
        : this(1)
    {
    }

    public Ambiguous(int outputs)
    {
        OutputNames = [.. Enumerable.Range(1, outputs).Select(i => $"x_{i}")];
    }

    public IReadOnlyList<string> ParameterNames => ["theta"];

    public IReadOnlyList<string> OutputNames { get; }

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng) => x.Clear();
}

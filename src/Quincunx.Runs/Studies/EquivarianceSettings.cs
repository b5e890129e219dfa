using System.Text.Json.Serialization;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Equivariance;
using Quincunx.Inference.Npe;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.equivariance</c>: a group that parameters and data move under together, and how poses are found.</summary>
/// <param name="Group">Word of the study file: <c>shift</c>, <c>translation</c>, <c>scale</c>, <c>location-scale</c> or <c>own</c>.</param>
/// <param name="Parameters">Those that stand for the pose, in the order of the group; of an own group none, since it knows them itself.</param>
/// <param name="Blur">Standard deviation or half width of the kernel, one for each coordinate of the pose.</param>
/// <param name="Kernel">One of <see cref="Kernels"/>.</param>
/// <param name="Symmetry">One of <see cref="Symmetries"/>.</param>
/// <param name="Iterations">Of the chains, at most.</param>
/// <param name="Components">Poses that the density is a mixture over.</param>
/// <param name="Step">Of a shift: time between outputs.</param>
/// <param name="Ends">Of a shift: what comes in.</param>
/// <param name="Design">Of a translation: a row for each output; null for ones.</param>
/// <param name="Own">The type of an assembly that the group is; null for those there are.</param>
public sealed record EquivarianceSettings(
    string Group,
    IReadOnlyList<string> Parameters,
    IReadOnlyList<double> Blur,
    string Kernel,
    string Symmetry,
    int Iterations,
    int Components,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Step = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Ends = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<IReadOnlyList<double>>? Design = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AssemblyType? Own = null)
{
    /// <summary>Words of the study file; the first is the default.</summary>
    public static IReadOnlyList<string> Kernels { get; } = ["normal", "uniform"];

    /// <summary>Words of the study file; the first is the default.</summary>
    public static IReadOnlyList<string> Symmetries { get; } = ["exact", "approximate"];

    internal bool IsExact => Symmetry == Symmetries[0];

    /// <param name="names">Parameters of the study, in order, among which are <see cref="Parameters"/>.</param>
    /// <exception cref="ArgumentException">Numbers do not go together.</exception>
    internal IPoseGroup CreateGroup(IReadOnlyList<string> names, int outputs)
    {
        int[] at = [.. Parameters.Select(p => names.ToList().IndexOf(p))];
        return Group switch
        {
            "shift" => new SignalTranslation(names.Count, at[0], outputs, Step!.Value, Enum.Parse<SignalEnds>(Ends!, ignoreCase: true)),
            "translation" => new VectorTranslation(names.Count, at, Design is { } rows ? [.. rows.SelectMany(row => row)] : Enumerable.Repeat(1.0, outputs).ToArray()),
            "scale" => new Scaling(names.Count, at[0], outputs),
            "location-scale" => new LocationScale(names.Count, at[0], at[1], outputs),
            _ => Own?.Instance as IPoseGroup ?? throw new InvalidOperationException($"Expected the study of a group by {Own?.Describe()}, which is what loads it."),
        };
    }

    internal IDistribution CreateKernel()
    {
        IDistribution[] each = [.. Blur.Select(b => Kernel == Kernels[0] ? (IDistribution)new Normal(0, b) : new Uniform(-b, b))];
        return each is [var one] ? one : new IndependentProduct([.. each.Select((k, i) => ($"g_{i + 1}", k))]);
    }

    /// <param name="network">Of the study.</param>
    internal EquivariantOptions Options(IPoseGroup group, NeuralPosteriorOptions network)
    {
        // What a network with a layout sees of a pose stands behind the moved data.
        int beside = (group.IsDiscrete ? group.PoseDimension : 0) + (IsExact ? 0 : group.PoseDimension);
        return new EquivariantOptions
        {
            Kernel = CreateKernel(),
            Symmetry = IsExact ? PoseSymmetry.Exact : PoseSymmetry.Approximate,
            Network = network with { ContextFeatures = beside },
            Start = network,
            Gibbs = new GibbsOptions { MaxIterations = Iterations },
            Components = Components,
        };
    }

    internal void AddTo(InputHash hash)
    {
        hash.Add("group", Group).Add("pose", Parameters).Add("blur", Blur).Add("kernel", Kernel).Add("symmetry", Symmetry).Add("iterations", Iterations).Add("components", Components);
        hash.Add("step", Step ?? 0).Add("ends", Ends ?? "").Add("design", Design?.SelectMany(row => row) ?? []);
        Own?.AddTo(hash);
    }

    /// <summary>The symmetry in words, for the report.</summary>
    internal string Describe()
    {
        string what = Group switch
        {
            "shift" => FormattableString.Invariant($"a signal in steps of {Step}, {(Ends == "zero" ? "with zeros that come in at its ends" : "around a ring")}, moves with {Parameters[0]}"),
            "translation" => $"outputs move with {string.Join(", ", Parameters)}",
            "scale" => $"outputs are multiplied with their scale {Parameters[0]}",
            "location-scale" => $"outputs move with their location {Parameters[0]} and scale {Parameters[1]}",
            _ => $"by {Own!.Describe()}",
        };
        return FormattableString.Invariant($"{what}; {Symmetry}, blurred by {(Kernel == Kernels[0] ? "normal kernels of standard deviation" : "uniform kernels of half width")} {string.Join(", ", Blur.Select(b => Rules.NumberRule.Show(b)))}");
    }
}

using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Equivariance;
using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Programs;

/// <summary>What a type of an assembly has to be for the key that names it.</summary>
/// <param name="Type">Interface or base.</param>
/// <param name="Noun">What an object of the type is, in words.</param>
internal sealed record TypeContract(Type Type, string Noun)
{
    public static TypeContract Simulator { get; } = new(typeof(ISimulator), "simulator");

    public static TypeContract Embedding { get; } = new(typeof(EmbeddingOptions), "embedding");

    public static TypeContract Group { get; } = new(typeof(IPoseGroup), "group of poses");

    public string Required => Type.IsInterface ? $"implements {Type.Name}" : $"derives from {Type.Name}";

    public string Missing => $"does not {(Type.IsInterface ? "implement" : "derive from")} {Type.FullName}";

    public bool IsMetBy(Type type) => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false, IsVisible: true } && type.IsAssignableTo(Type);
}

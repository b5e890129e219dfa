using Quincunx.Runs.Programs;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>What <c>inference</c> names in assemblies.</summary>
/// <param name="Embedding">An <see cref="Inference.Embeddings.EmbeddingOptions"/>; null where the embedding is of a kind there is, or none, or there was a problem.</param>
/// <param name="Group">An <see cref="Inference.Equivariance.IPoseGroup"/>; null likewise.</param>
internal sealed record OwnTypes(AssemblyType? Embedding, AssemblyType? Group)
{
    public static OwnTypes None { get; } = new(Embedding: null, Group: null);

    /// <summary>The assemblies and those that they use.</summary>
    public IEnumerable<StudyInput> Files => (Embedding?.Files ?? []).Union(Group?.Files ?? []);

    public static OwnTypes Read(StudyMap inference, AssemblyReader assemblies) => new(
        inference.Find("embedding") is { Map: var embedding } && embedding.Find("assembly") is not null ? assemblies.Read(embedding, TypeContract.Embedding).Type : null,
        inference.Map("equivariance").Find("own") is { Map: var group } ? assemblies.Read(group, TypeContract.Group).Type : null);
}

using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>What the nodes, edges and wholes of some graphs carry; <see cref="GraphTopology"/> says how they are joined.</summary>
/// <param name="Nodes">Shape <c>[nodes, features]</c>.</param>
/// <param name="Edges">Shape <c>[edges, features]</c>; null where edges carry nothing.</param>
/// <param name="Globals">Shape <c>[graphs, features]</c>; null where graphs as wholes carry nothing.</param>
public sealed record GraphState(Tensor Nodes, Tensor? Edges = null, Tensor? Globals = null);

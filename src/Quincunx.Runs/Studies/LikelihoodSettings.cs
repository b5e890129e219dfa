using System.Text.Json.Serialization;

namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.likelihood</c>: the density of the outputs given the parameters.</summary>
/// <param name="Affine">Affine autoregressive transforms, next to the data.</param>
/// <param name="Splines">Spline autoregressive transforms after them.</param>
/// <param name="Hidden">Widths of the residual blocks of each transform's network, all the same.</param>
/// <param name="Discrete">Names of the outputs that are whole numbers; null: found in the simulations.</param>
/// <param name="Levels">Values up to which they are learned as categories; null: <see cref="Inference.Nle.NeuralLikelihoodOptions.MostLevels"/>.</param>
public sealed record LikelihoodSettings(
    int Affine, int Splines, IReadOnlyList<int> Hidden, int Bins,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Discrete = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Levels = null);

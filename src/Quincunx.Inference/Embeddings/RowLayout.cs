using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Embeddings;

/// <summary>A row as elements of a set, steps of a sequence or channels of a grid, one after the other.</summary>
internal static class RowLayout
{
    /// <summary>How many elements a row has.</summary>
    /// <param name="each">Numbers of one element.</param>
    /// <param name="element">What an element is called.</param>
    /// <exception cref="ArgumentException">The row is not of whole elements.</exception>
    public static int Elements(int features, int each, string element)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(each);
        return features > 0 && features % each == 0 ? features / each
            : throw new ArgumentException($"Expected an observation of whole {element}s of {each} numbers each, got {features} numbers.", nameof(features));
    }

    /// <summary>Groups of numbers of elements that follow each other: the place in an element.</summary>
    public static int[] GroupsOfElements(int features, int each) => [.. Enumerable.Range(0, features).Select(i => i % each)];

    /// <summary>Rows as <c>[n, elements, each]</c>.</summary>
    public static Tensor Split(Tensor x, int each) => x.Reshape(x.Shape[0], x.Shape[1] / each, each);

    /// <summary>Which elements are whole, <c>[n, elements]</c>; null where nothing can be missing.</summary>
    public static Tensor? Whole(Tensor? observed, int each) => observed is null ? null : Split(observed, each).Min(2);

    /// <summary>Steps <c>[n, steps, each]</c>, or twice as many numbers where which of them were observed goes in with them.</summary>
    public static Tensor Steps(Tensor x, Tensor? observed, int each) => observed is null ? Split(x, each) : Tensor.Concat([Split(x, each), Split(observed, each)], axis: 2);
}

namespace Quincunx.Numerics.Tensors;

/// <summary>Shapes that do not fit; the message shows what was expected and what was found.</summary>
public sealed class ShapeException : ArgumentException
{
    public ShapeException(string message)
        : base(message)
    {
    }

    public ShapeException()
    {
    }

    public ShapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Throws unless the tensor has the expected shape.</summary>
    /// <param name="expected">One length an axis; -1 stands for any length.</param>
    public static void ThrowUnless(Tensor tensor, params ReadOnlySpan<int> expected)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        bool fits = tensor.Rank == expected.Length;
        for (int axis = 0; fits && axis < expected.Length; axis++)
        {
            fits = expected[axis] == -1 || expected[axis] == tensor.Shape[axis];
        }

        if (!fits)
        {
            throw new ShapeException($"Expected shape {Describe(expected)}, got {tensor.Shape}.");
        }
    }

    internal static ShapeException Pair(string operation, Shape left, Shape right, string reason) =>
        new($"{operation}: shapes {left} and {right} do not fit: {reason}");

    private static string Describe(ReadOnlySpan<int> lengths)
    {
        string[] parts = new string[lengths.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = lengths[i] == -1 ? "*" : lengths[i].ToString();
        }

        return $"[{string.Join(", ", parts)}]";
    }
}

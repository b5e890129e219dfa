namespace Quincunx.Numerics.Tensors;

/// <summary>A matrix whose Cholesky factor was wanted is not positive definite.</summary>
public sealed class NotPositiveDefiniteException : ArithmeticException
{
    /// <param name="matrix">Number of the matrix in its batch.</param>
    /// <param name="pivot">Row of the first pivot that is not positive.</param>
    /// <param name="value">The pivot's square as computed: zero, negative, NaN or infinite.</param>
    public NotPositiveDefiniteException(int matrix, int pivot, double value)
        : base($"Matrix {matrix} is not positive definite: the squared pivot of row {pivot} is {value:R}.")
    {
        (Matrix, Pivot, Value) = (matrix, pivot, value);
    }

    public NotPositiveDefiniteException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public NotPositiveDefiniteException(string message)
        : base(message)
    {
    }

    public NotPositiveDefiniteException()
    {
    }

    /// <summary>Number of the matrix in its batch.</summary>
    public int Matrix { get; }

    /// <summary>Row of the first pivot that is not positive.</summary>
    public int Pivot { get; }

    /// <summary>The pivot's square as computed.</summary>
    public double Value { get; }
}

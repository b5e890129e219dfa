namespace Quincunx.Numerics.Kernels;

/// <summary>One matrix product <c>C = start + bias + A B</c> as addresses and steps, all in elements, with relu behind it on demand.</summary>
/// <remarks>The memory is pinned by whoever made the value and outlives it.</remarks>
internal readonly unsafe struct MatrixOperands<T>
    where T : unmanaged
{
    public MatrixOperands()
    {
    }

    public required int M { get; init; }

    public required int N { get; init; }

    public required int K { get; init; }

    /// <summary>A(i, p) is at <c>A[i * ARow + p * AStep]</c>; one of the two is 1.</summary>
    public required T* A { get; init; }

    public required nint ARow { get; init; }

    public required nint AStep { get; init; }

    /// <summary>B(p, j) is at <c>B[p * BStep + j * BColumn]</c>; one of the two is 1.</summary>
    public required T* B { get; init; }

    public required nint BStep { get; init; }

    public required nint BColumn { get; init; }

    public required T* C { get; init; }

    /// <summary>What C begins with: null for zero, C itself to accumulate, or a row with <see cref="StartRow"/> 0.</summary>
    public required T* Start { get; init; }

    public required nint StartRow { get; init; }

    /// <summary>One number for each row of C, added to what the row begins with: null for none.</summary>
    public T* Bias { get; init; }

    public nint BiasStep { get; init; } = 1;

    /// <summary>Whether C is <c>max(0, ·)</c> of the complete sum; NaN stays NaN.</summary>
    public bool Relu { get; init; }

    /// <summary>Step between rows of C.</summary>
    public required nint CRow { get; init; }

    /// <summary>The product for some rows of C only.</summary>
    public MatrixOperands<T> Rows(int first, int count) => this with
    {
        M = count,
        A = A + (first * ARow),
        C = C + (first * CRow),
        Start = Start is null ? null : Start + (first * StartRow),
        Bias = Bias is null ? null : Bias + (first * BiasStep),
    };

    /// <summary>The product for some columns of C only.</summary>
    public MatrixOperands<T> Columns(int first, int count) => this with
    {
        N = count,
        B = B + (first * BColumn),
        C = C + first,
        Start = Start is null ? null : Start + first,
    };

    /// <summary>The product with its three matrices moved, which is how a batch steps; the bias stays.</summary>
    public MatrixOperands<T> Moved(nint a, nint b, nint c) => this with
    {
        A = A + a,
        B = B + b,
        C = C + c,
        Start = Start == C ? C + c : Start,
    };
}

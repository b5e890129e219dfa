namespace Quincunx.Numerics.Tensors;

/// <summary>Which entries of a matrix exist: each row has the first few, and no row has fewer than the row before it.</summary>
/// <remarks>
/// The connections of an autoregressive layer whose units stand in the order of their degrees. The entries beyond a row's length are neither read nor
/// given a gradient; the kernels skip them in blocks.
/// </remarks>
public sealed class Staircase
{
    // A block of rows with lengths of their own is at most as tall as a register tile, since it takes a pass for each length.
    private const int TallestMixed = 12;

    // Rows of one length that are fewer than this share a block with their neighbours.
    private const int ShortestUniform = 6;

    private readonly int[] _lengths;

    /// <param name="columns">Of the whole matrix.</param>
    /// <param name="lengths">How many entries each row has, not falling.</param>
    /// <exception cref="ArgumentException">A length is negative, above <paramref name="columns"/>, or below that of the row before.</exception>
    public Staircase(int columns, params ReadOnlySpan<int> lengths)
    {
        int before = 0;
        foreach (int length in lengths)
        {
            if (length < before || length > columns)
            {
                throw new ArgumentException(
                    $"Expected lengths that rise from 0 to at most {columns}, got [{string.Join(", ", lengths.ToArray())}].", nameof(lengths));
            }

            before = length;
        }

        (_lengths, Columns) = (lengths.ToArray(), columns);
        RowBlocks = Cut(_lengths);

        // Column c exists from the first row that is longer than c on.
        int[] firsts = new int[columns];
        for (int c = 0, row = 0; c < columns; c++)
        {
            while (row < _lengths.Length && _lengths[row] <= c)
            {
                row++;
            }

            firsts[c] = row;
        }

        FirstRows = firsts;
        ColumnBlocks = Cut(firsts);
    }

    public int Rows => _lengths.Length;

    public int Columns { get; }

    /// <summary>Entries of each row.</summary>
    public ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>Entries of all rows.</summary>
    public long Count => _lengths.Sum(l => (long)l);

    /// <summary>For each column the first row that has it; the number of rows where none has.</summary>
    internal int[] FirstRows { get; }

    internal (int First, int Count)[] RowBlocks { get; }

    internal (int First, int Count)[] ColumnBlocks { get; }

    /// <summary>Ones where there is an entry, zeros elsewhere, shape <c>[Rows, Columns]</c>.</summary>
    public Tensor ToMask(DType dtype = DType.Float32)
    {
        double[] mask = new double[Rows * Columns];
        for (int row = 0; row < Rows; row++)
        {
            mask.AsSpan(row * Columns, _lengths[row]).Fill(1);
        }

        return Tensor.From(mask, new Shape(Rows, Columns), dtype);
    }

    // Long runs of one value stand alone; short ones are put together.
    private static (int First, int Count)[] Cut(ReadOnlySpan<int> values)
    {
        List<(int First, int Count)> blocks = [];
        int mixed = 0;                          // where the block of short runs under way began
        for (int i = 0; i < values.Length;)
        {
            int end = i + 1;
            while (end < values.Length && values[end] == values[i])
            {
                end++;
            }

            if (end - i >= ShortestUniform || end - mixed > TallestMixed)
            {
                if (i > mixed)
                {
                    blocks.Add((mixed, i - mixed));
                }

                mixed = i;
            }

            if (end - i >= ShortestUniform)
            {
                blocks.Add((i, end - i));
                mixed = end;
            }

            i = end;
        }

        if (mixed < values.Length)
        {
            blocks.Add((mixed, values.Length - mixed));
        }

        return [.. blocks];
    }
}

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// Sum of products in Einstein's notation: <c>"bij,bjk->bik"</c> is a batch of matrix products, <c>"ii->"</c> a trace, <c>"ij->ji"</c> a transpose,
    /// <c>"i,j->ij"</c> an outer product.
    /// </summary>
    /// <param name="formula">
    /// For each operand a letter an axis, separated by commas; after <c>-></c> the letters of the result. Letters that the result lacks are summed over; a letter twice in one operand
    /// means its diagonal. <c>...</c> stands for any further axes, which are matched from the last and broadcast. Spaces do not matter.
    /// </param>
    /// <param name="operands">One for each term.</param>
    /// <returns>An axis for each letter of the result.</returns>
    /// <exception cref="ArgumentException">The formula is none (the message has position and what was expected), or there are more or fewer operands.</exception>
    /// <exception cref="ShapeException">Axes are more or fewer than letters, or those of one letter differ in length.</exception>
    /// <remarks>Operands meet from left to right, two at a time in one batched matrix product: the order of operands is the order of work.</remarks>
    public static Tensor Einsum(string formula, params ReadOnlySpan<Tensor> operands)
    {
        ArgumentNullException.ThrowIfNull(formula);
        EinsumFormula parsed = EinsumFormula.Parse(formula);
        if (operands.Length != parsed.Operands.Length)
        {
            throw new ArgumentException($"Einsum \"{formula}\": expected {parsed.Operands.Length} operands, got {operands.Length}.", nameof(operands));
        }

        var lengths = new Dictionary<int, (int Length, Shape Of)>();
        var terms = new Labelled[operands.Length];
        int wide = 0;
        for (int i = 0; i < operands.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(operands[i], nameof(operands));
            operands[0].RequireSameType(operands[i]);
            int[] labels = LabelsOf(parsed, i, operands[i].Shape, ref wide);
            AddLengths(formula, operands[i].Shape, labels, lengths);
            terms[i] = new Labelled(operands[i], labels);
        }

        int[] result = Expanded(parsed.Result, wide);
        for (int i = 0; i < terms.Length; i++)
        {
            // What no later term and not the result has can be summed at once: it makes the products smaller.
            Labelled term = WithoutBroadcasts(Diagonal(terms[i]), lengths);
            int[] elsewhere = [.. result, .. terms.Where((_, j) => j != i).SelectMany(t => t.Labels)];
            terms[i] = Summed(term, elsewhere);
        }

        Labelled product = terms[0];
        for (int i = 1; i < terms.Length; i++)
        {
            int[] kept = [.. result, .. terms.Skip(i + 1).SelectMany(t => t.Labels)];
            product = Summed(Contracted(product, terms[i], kept), kept);
        }

        return Ordered(product, result);
    }

    // A tensor and what its axes are called: letters, and -1, -2, … for the axes of an ellipsis from the last.
    private readonly record struct Labelled(Tensor Tensor, int[] Labels);

    private static int[] LabelsOf(EinsumFormula formula, int operand, Shape shape, ref int wide)
    {
        string term = formula.Operands[operand];
        bool isOpen = term.Contains(EinsumFormula.Ellipsis, StringComparison.Ordinal);
        int more = shape.Rank - (isOpen ? term.Length - 1 : term.Length);
        if (more < 0 || (more > 0 && !isOpen))
        {
            throw new ShapeException($"Einsum \"{formula.Text}\": operand {operand + 1} has {term.Length} letters and shape {shape}.");
        }

        wide = Math.Max(wide, more);
        return Expanded(term, more);
    }

    private static int[] Expanded(string term, int more) =>
        [.. term.SelectMany(c => c == EinsumFormula.Ellipsis ? Enumerable.Range(-more, more) : [c])];

    private static void AddLengths(string formula, Shape shape, int[] labels, Dictionary<int, (int Length, Shape Of)> lengths)
    {
        for (int axis = 0; axis < labels.Length; axis++)
        {
            int label = labels[axis], length = shape[axis];
            if (!lengths.TryGetValue(label, out (int Length, Shape Of) known) || (label < 0 && known.Length == 1))
            {
                lengths[label] = (length, shape);
            }
            else if (known.Length != length && (label >= 0 || length != 1))
            {
                string what = label < 0 ? $"axis {label} of \"...\"" : $"'{(char)label}'";
                throw ShapeException.Pair($"Einsum \"{formula}\"", known.Of, shape, $"{what} has length {known.Length} and length {length}.");
            }
        }
    }

    private static Labelled Diagonal(Labelled x)
    {
        for (int first = 0; first < x.Labels.Length; first++)
        {
            int second = Array.IndexOf(x.Labels, x.Labels[first], first + 1);
            if (second < 0)
            {
                continue;
            }

            // The two axes, last, as one: the diagonal are its positions 0, n + 1, 2 (n + 1), …
            int[] others = [.. Enumerable.Range(0, x.Labels.Length).Where(axis => axis != first && axis != second)];
            Tensor last = x.Tensor.Transpose([.. others, first, second]);
            int n = last.Shape[-1];
            int[] outer = [.. last.Shape.Lengths[..^2]];
            Tensor diagonal = last.Reshape(new Shape([.. outer, n * n])).Slice(-1, 0, n, n + 1);
            return Diagonal(new Labelled(diagonal, [.. others.Select(axis => x.Labels[axis]), x.Labels[first]]));
        }

        return x;
    }

    // An axis of length 1 that others repeat need not be there: it comes with them.
    private static Labelled WithoutBroadcasts(Labelled x, Dictionary<int, (int Length, Shape Of)> lengths)
    {
        int[] kept = [.. Enumerable.Range(0, x.Labels.Length).Where(axis => x.Tensor.Shape[axis] == lengths[x.Labels[axis]].Length)];
        return new Labelled(x.Tensor.Reshape(new Shape([.. kept.Select(axis => x.Tensor.Shape[axis])])), [.. kept.Select(axis => x.Labels[axis])]);
    }

    private static Labelled Summed(Labelled x, int[] kept)
    {
        int[] axes = [.. Enumerable.Range(0, x.Labels.Length).Where(axis => !kept.Contains(x.Labels[axis]))];
        return axes.Length == 0 ? x : new Labelled(x.Tensor.Sum(axes), [.. x.Labels.Where(kept.Contains)]);
    }

    private static Tensor Ordered(Labelled x, int[] order) => x.Labels.AsSpan().SequenceEqual(order)
        ? x.Tensor
        : x.Tensor.Transpose([.. order.Select(label => Array.IndexOf(x.Labels, label))]);

    private static Labelled Contracted(Labelled a, Labelled b, int[] kept)
    {
        int[] shared = [.. a.Labels.Intersect(b.Labels)], batch = [.. shared.Where(kept.Contains)], inner = [.. shared.Except(batch)];
        int[] onlyA = [.. a.Labels.Except(shared)], onlyB = [.. b.Labels.Except(shared)], result = [.. batch, .. onlyA, .. onlyB];
        int[] lengths = [.. result.Select(label => LengthOf(a.Labels.Contains(label) ? a : b, label))];
        int batches = Total(a, batch), m = Total(a, onlyA), n = Total(b, onlyB), k = Total(a, inner);

        // A transposed operand is read as it lies, where that is all it needs.
        bool turnA = a.Labels.AsSpan().SequenceEqual([.. batch, .. inner, .. onlyA]), turnB = b.Labels.AsSpan().SequenceEqual([.. batch, .. onlyB, .. inner]);
        Tensor left = Ordered(a, turnA ? [.. batch, .. inner, .. onlyA] : [.. batch, .. onlyA, .. inner]);
        Tensor right = Ordered(b, turnB ? [.. batch, .. onlyB, .. inner] : [.. batch, .. inner, .. onlyB]);
        Tensor product = inner.Length == 0
            ? left.Reshape(batches, m, 1) * right.Reshape(batches, 1, n)
            : MatMul(
                Matrices(left, batch.Length, batches, turnA ? k : m, turnA ? m : k), Matrices(right, batch.Length, batches, turnB ? n : k, turnB ? k : n), turnA, turnB);
        return new Labelled(product.Reshape(new Shape(lengths)), result);
    }

    private static Tensor Matrices(Tensor x, int batchAxes, int batches, int rows, int columns) =>
        batchAxes == 0 ? x.Reshape(rows, columns) : x.Reshape(batches, rows, columns);

    private static int LengthOf(Labelled x, int label) => x.Tensor.Shape[Array.IndexOf(x.Labels, label)];

    private static int Total(Labelled x, int[] labels) => labels.Aggregate(1, (total, label) => total * LengthOf(x, label));
}

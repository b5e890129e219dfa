using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    // Below every score that is one, and finite, so that no derivative meets ∞ - ∞.
    private const double HiddenScore = -1e30;

    /// <summary>Scaled dot-product attention: each query's mean of the values, weighted by the softmax of <c>scale · q kᵀ + bias</c> over the keys it sees.</summary>
    /// <param name="queries">Shape <c>[batch, heads, n, d]</c>.</param>
    /// <param name="keys">Shape <c>[batch, heads, m, d]</c>.</param>
    /// <param name="values">Shape <c>[batch, heads, m, e]</c>.</param>
    /// <param name="mask">What broadcasts to <c>[batch, heads, n, m]</c>: 0 hides a key from a query; not differentiated. Null hides none.</param>
    /// <param name="bias">What broadcasts to <c>[batch, heads, n, m]</c> and is added to the scores; -∞ hides as the mask does. Null for none.</param>
    /// <param name="scale">Null for <c>1 / √d</c>.</param>
    /// <returns>Shape <c>[batch, heads, n, e]</c>; 0 for a query that sees no key. Hidden values have weight 0 and must be finite all the same.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <remarks>Vaswani et al. 2017, arXiv:1706.03762, equation 1. Memory beyond the result is that of a block of scores.</remarks>
    public static Tensor Attention(Tensor queries, Tensor keys, Tensor values, Tensor? mask = null, Tensor? bias = null, double? scale = null)
    {
        RequireAttentionOperands(nameof(Attention), queries, keys, values, rank: 4);
        Shape q = queries.Shape, k = keys.Shape, v = values.Shape;
        if (q[0] != k[0] || q[1] != k[1] || q[3] != k[3])
        {
            throw ShapeException.Pair(nameof(Attention), q, k, "expected queries [batch, heads, n, d] and keys [batch, heads, m, d].");
        }

        if (k[0] != v[0] || k[1] != v[1] || k[2] != v[2])
        {
            throw ShapeException.Pair(nameof(Attention), k, v, "expected keys [batch, heads, m, d] and values [batch, heads, m, e].");
        }

        var scores = new Shape(q[0], q[1], q[2], k[2]);
        return Attended(queries, keys, values, mask, bias, Plan(nameof(Attention), scores, q[3], v[3], isInterleaved: false, mask, bias, scale));
    }

    /// <summary><see cref="Attention"/> in several heads, each of which sees its part of the features: the first <c>d / heads</c> are those of the first head.</summary>
    /// <param name="queries">Shape <c>[batch, n, d]</c>.</param>
    /// <param name="keys">Shape <c>[batch, m, d]</c>.</param>
    /// <param name="values">Shape <c>[batch, m, e]</c>.</param>
    /// <param name="heads">Divides d and e.</param>
    /// <param name="scale">Null for <c>1 / √(d / heads)</c>.</param>
    /// <returns>Shape <c>[batch, n, e]</c>, the heads side by side; 0 for a query that sees no key. Hidden values have weight 0 and must be finite all the same.</returns>
    /// <remarks>Heads are read where they lie: nothing is transposed.</remarks>
    /// <inheritdoc cref="Attention" path="/param|/exception"/>
    public static Tensor MultiHeadAttention(
        Tensor queries, Tensor keys, Tensor values, int heads, Tensor? mask = null, Tensor? bias = null, double? scale = null)
    {
        RequireAttentionOperands(nameof(MultiHeadAttention), queries, keys, values, rank: 3);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        Shape q = queries.Shape, k = keys.Shape, v = values.Shape;
        if (q[0] != k[0] || q[2] != k[2] || q[2] % heads != 0)
        {
            throw ShapeException.Pair(nameof(MultiHeadAttention), q, k, $"expected queries [batch, n, d] and keys [batch, m, d] with a d that {heads} heads divide.");
        }

        if (k[0] != v[0] || k[1] != v[1] || v[2] % heads != 0)
        {
            throw ShapeException.Pair(nameof(MultiHeadAttention), k, v, $"expected keys [batch, m, d] and values [batch, m, e] with an e that {heads} heads divide.");
        }

        var scores = new Shape(q[0], heads, q[1], k[1]);
        AttentionPlan plan = Plan(nameof(MultiHeadAttention), scores, q[2] / heads, v[2] / heads, isInterleaved: true, mask, bias, scale);
        return Attended(queries, keys, values, mask, bias, plan);
    }

    private static void RequireAttentionOperands(string operation, Tensor queries, Tensor keys, Tensor values, int rank)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        queries.RequireSameType(keys, operation);
        queries.RequireSameType(values, operation);
        if (queries.Rank != rank || keys.Rank != rank || values.Rank != rank)
        {
            throw ShapeException.Pair(operation, queries.Shape, keys.Rank == rank ? values.Shape : keys.Shape, $"each operand needs {rank} axes.");
        }
    }

    private static AttentionPlan Plan(string operation, Shape scores, int width, int valueWidth, bool isInterleaved, Tensor? mask, Tensor? bias, double? scale) => new()
    {
        Batch = scores[0],
        Heads = scores[1],
        Queries = scores[2],
        Keys = scores[3],
        Width = width,
        ValueWidth = valueWidth,
        Scale = scale ?? (1 / Math.Sqrt(Math.Max(1, width))),
        IsInterleaved = isInterleaved,
        MaskSteps = ScoreSteps(operation, scores, mask),
        BiasSteps = ScoreSteps(operation, scores, bias),
    };

    private static int[] ScoreSteps(string operation, Shape scores, Tensor? x)
    {
        int[] steps = new int[scores.Rank];
        if (x is null)
        {
            return steps;
        }

        if (x.Rank > scores.Rank || Shape.Broadcast(operation, scores, x.Shape) != scores)
        {
            throw ShapeException.Pair(operation, scores, x.Shape, "the second does not broadcast to scores [batch, heads, n, m].");
        }

        Broadcasting.Steps(x.Shape, scores.Rank, steps);
        return steps;
    }

    private static Tensor Attended(Tensor queries, Tensor keys, Tensor values, Tensor? mask, Tensor? bias, AttentionPlan plan)
    {
        Tensor[] inputs = bias is null ? [queries, keys, values] : [queries, keys, values, bias];
        foreach (Tensor? more in new[] { mask, bias })
        {
            if (more is not null)
            {
                queries.RequireSameType(more, nameof(Attention));
            }
        }

        Tensor y = Allocate(queries.Shape.With(queries.Rank - 1, values.Shape[-1]), queries.DType);
        Kernel.Run(new AttentionKernel(queries, keys, values, mask, bias, y, plan), y, mask is null ? inputs : [.. inputs, mask]);
        return Recording.Of(y, (_, gradient, pull) => AttentionBackward(gradient, pull, mask?.Detach(), plan), inputs);
    }

    private static void AttentionBackward(Tensor gradient, Pull pull, Tensor? mask, AttentionPlan plan)
    {
        ReadOnlySpan<Tensor> inputs = pull.Inputs;
        if (Recording.IsOn)
        {
            // As with splines: whoever differentiates again gets operations that each have a rule.
            Tensor[] aliases = new Tensor[inputs.Length];
            for (int i = 0; i < aliases.Length; i++)
            {
                aliases[i] = Alias(inputs[i]);
            }

            Tensor composed = ComposedAttention(aliases[0], aliases[1], aliases[2], mask, aliases.Length > 3 ? aliases[3] : null, plan);
            Tensor[] slopes = Gradient.VectorJacobian(composed, gradient, aliases, differentiable: true);
            for (int i = 0; i < slopes.Length; i++)
            {
                pull.Set(i, slopes[i]);
            }

            return;
        }

        Tensor q = inputs[0], k = inputs[1], v = inputs[2];
        Tensor? bias = inputs.Length > 3 ? inputs[3] : null;
        Tensor dq = Allocate(q.Shape, q.DType), dk = Allocate(k.Shape, q.DType), dv = Allocate(v.Shape, q.DType);
        Tensor? scores = bias is not null && pull.Wanted[3] ? Allocate(new Shape(plan.Batch, plan.Heads, plan.Queries, plan.Keys), q.DType) : null;
        List<Tensor> read = [gradient, q, k, v];
        read.AddRange(new[] { mask, bias }.OfType<Tensor>());
        var kernel = new AttentionBackKernel(q, k, v, mask, bias, gradient, dq, dk, dv, scores, plan);
        Kernel.Run(kernel, scores is null ? [dq, dk, dv] : [dq, dk, dv, scores], [.. read]);
        pull.Set(0, dq);
        pull.Set(1, dk);
        pull.Set(2, dv);
        if (scores is not null && bias is not null)
        {
            pull.Set(3, scores.SumTo(bias.Shape));
        }
    }

    /// <summary>The same in operations that each have a rule: slower, and differentiable without end.</summary>
    internal static Tensor ComposedAttention(Tensor queries, Tensor keys, Tensor values, Tensor? mask, Tensor? bias, AttentionPlan plan)
    {
        Tensor q = Heads(queries, plan.Queries), k = Heads(keys, plan.Keys), v = Heads(values, plan.Keys);
        Tensor scores = MatMul(q, k, transposeB: true) * plan.Scale;
        scores = bias is null ? scores : scores + bias;
        Tensor seen = NotEqual(scores.Detach(), double.NegativeInfinity);
        seen = mask is null ? seen : seen * NotEqual(mask, 0);
        Tensor y = MatMul(Where(seen, Softmax(Where(seen, scores, HiddenScore)), 0.0), v);
        return plan.IsInterleaved ? y.Transpose(0, 2, 1, 3).Reshape(plan.Batch, plan.Queries, plan.Heads * plan.ValueWidth) : y;

        Tensor Heads(Tensor x, int rows) =>
            plan.IsInterleaved ? x.Reshape(plan.Batch, rows, plan.Heads, x.Shape[2] / plan.Heads).Transpose(0, 2, 1, 3) : x;
    }

    private readonly struct AttentionKernel(Tensor q, Tensor k, Tensor v, Tensor? mask, Tensor? bias, Tensor y, AttentionPlan plan) : INotedKernel
    {
        public OperationNote Note => new(
            "Attention", ("heads", plan.Heads), ("scale", plan.Scale), ("interleaved", plan.IsInterleaved), ("mask", mask is not null), ("bias", bias is not null));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => Kernels.Attention.Forward(
                plan, q.Elements<T>(), k.Elements<T>(), v.Elements<T>(), mask is null ? [] : mask.Elements<T>(), bias is null ? [] : bias.Elements<T>(),
                y.Writable<T>(), KernelThreads.Count);
    }

    private readonly struct AttentionBackKernel(
        Tensor q, Tensor k, Tensor v, Tensor? mask, Tensor? bias, Tensor gradient, Tensor dq, Tensor dk, Tensor dv, Tensor? scores, AttentionPlan plan) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => Kernels.Attention.Back(
                plan, q.Elements<T>(), k.Elements<T>(), v.Elements<T>(), mask is null ? [] : mask.Elements<T>(), bias is null ? [] : bias.Elements<T>(),
                gradient.Elements<T>(), dq.Writable<T>(), dk.Writable<T>(), dv.Writable<T>(), scores is null ? [] : scores.Writable<T>(), KernelThreads.Count);
    }
}

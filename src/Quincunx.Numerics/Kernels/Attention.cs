using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Attention of each head of each example in one go: scores, weights and weighted values of a block of queries while they are in the cache.</summary>
/// <remarks>
/// The gradient computes the weights anew, which costs less than to write and read them (the idea of Dao et al. 2022, arXiv:2205.14135; here a block holds all keys).
/// Every result is one chain of multiply-adds in an order given by the shapes. No two operands overlap.
/// </remarks>
internal static unsafe class Attention
{
    // Scores of a block, in the second-level cache beside keys and values.
    private const int BlockBytes = 128 * 1024;

    public static void Forward<T>(
        AttentionPlan plan, ReadOnlySpan<T> queries, ReadOnlySpan<T> keys, ReadOnlySpan<T> values, ReadOnlySpan<T> mask, ReadOnlySpan<T> bias, Span<T> y, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* pq = queries, pk = keys, pv = values, pm = mask, pb = bias, py = y)
        {
            var operands = new Operands<T>(plan) { Q = pq, K = pk, V = pv, Mask = pm, Bias = pb, Y = py };
            SharedLoop<ForwardBody<T>>.Run(new ForwardBody<T>(operands), plan.Items, Threads(plan, 1, threads));
        }
    }

    /// <summary>The gradients in queries, keys and values, from that in y.</summary>
    /// <param name="biasGradient">Where that in the scores goes, <c>[batch, heads, queries, keys]</c>; empty where nobody wants it.</param>
    public static void Back<T>(
        AttentionPlan plan, ReadOnlySpan<T> queries, ReadOnlySpan<T> keys, ReadOnlySpan<T> values, ReadOnlySpan<T> mask, ReadOnlySpan<T> bias, ReadOnlySpan<T> gradient,
        Span<T> queryGradient, Span<T> keyGradient, Span<T> valueGradient, Span<T> biasGradient, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (plan.Queries == 0)
        {
            keyGradient.Clear();
            valueGradient.Clear();
            return;
        }

        fixed (T* pq = queries, pk = keys, pv = values, pm = mask, pb = bias, py = gradient, gq = queryGradient, gk = keyGradient, gv = valueGradient, gb = biasGradient)
        {
            var operands = new Operands<T>(plan) { Q = pq, K = pk, V = pv, Mask = pm, Bias = pb, Y = py };
            SharedLoop<BackBody<T>>.Run(new BackBody<T>(operands, gq, gk, gv, gb), plan.Items, Threads(plan, 3, threads));
        }
    }

    private static int Threads(AttentionPlan plan, int products, int threads) =>
        MatrixProduct.Threads((long)plan.Queries * products, plan.Keys, plan.Width + plan.ValueWidth, plan.Items, threads);

    private static int Block<T>(AttentionPlan plan)
        where T : unmanaged => Math.Min(plan.Queries, Math.Max(16, BlockBytes / sizeof(T) / Math.Max(1, plan.Keys)));

    private readonly struct Operands<T>(AttentionPlan plan)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public AttentionPlan Plan { get; } = plan;

        public T* Q { get; init; }

        public T* K { get; init; }

        public T* V { get; init; }

        public T* Mask { get; init; }

        public T* Bias { get; init; }

        public T* Y { get; init; }

        // The weights of some queries of an item: [rows, keys].
        public void Weights(int item, int from, int rows, T* weights)
        {
            int queryStep = Plan.Step(Plan.Width), keyStep = queryStep;
            MatrixWork.Single(new MatrixOperands<T>
            {
                M = rows,
                N = Plan.Keys,
                K = Plan.Width,
                A = Q + Plan.Start(item, Plan.Queries, Plan.Width) + ((nint)from * queryStep),
                ARow = queryStep,
                AStep = 1,
                B = K + Plan.Start(item, Plan.Keys, Plan.Width),
                BStep = 1,
                BColumn = keyStep,
                C = weights,
                CRow = Plan.Keys,
                Start = null,
                StartRow = 0,
            });
            Reductions.AttentionWeights(
                weights, rows, Plan.Keys, T.CreateTruncating(Plan.Scale),
                Bias == null ? null : Bias + Plan.Start(Plan.BiasSteps, item, from), Plan.BiasSteps[2], Plan.BiasSteps[3],
                Mask == null ? null : Mask + Plan.Start(Plan.MaskSteps, item, from), Plan.MaskSteps[2], Plan.MaskSteps[3]);
        }
    }

    // One head of one example.
    private readonly struct ForwardBody<T>(Operands<T> operands) : ILoopBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(int item)
        {
            AttentionPlan plan = operands.Plan;
            int block = Block<T>(plan), step = plan.Step(plan.ValueWidth);
            T* weights = (T*)Workspace.Third((nint)block * plan.Keys * sizeof(T));
            for (int from = 0; from < plan.Queries; from += block)
            {
                int rows = Math.Min(block, plan.Queries - from);
                operands.Weights(item, from, rows, weights);
                MatrixWork.Single(new MatrixOperands<T>
                {
                    M = rows,
                    N = plan.ValueWidth,
                    K = plan.Keys,
                    A = weights,
                    ARow = plan.Keys,
                    AStep = 1,
                    B = operands.V + plan.Start(item, plan.Keys, plan.ValueWidth),
                    BStep = step,
                    BColumn = 1,
                    C = operands.Y + plan.Start(item, plan.Queries, plan.ValueWidth) + ((nint)from * step),
                    CRow = step,
                    Start = null,
                    StartRow = 0,
                });
            }
        }
    }

    // One head of one example.
    private readonly struct BackBody<T>(Operands<T> operands, T* queryGradient, T* keyGradient, T* valueGradient, T* biasGradient) : ILoopBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly T* _queries = queryGradient, _keys = keyGradient, _values = valueGradient, _bias = biasGradient;

        public void Run(int item)
        {
            AttentionPlan plan = operands.Plan;
            int block = Block<T>(plan);
            T* weights = (T*)Workspace.Third((nint)block * plan.Keys * sizeof(T)), slopes = (T*)Workspace.Fourth((nint)block * plan.Keys * sizeof(T));
            for (int from = 0; from < plan.Queries; from += block)
            {
                int rows = Math.Min(block, plan.Queries - from);
                operands.Weights(item, from, rows, weights);
                Back(item, from, rows, weights, slopes);
            }
        }

        private void Back(int item, int from, int rows, T* weights, T* slopes)
        {
            AttentionPlan plan = operands.Plan;
            int step = plan.Step(plan.Width), valueStep = plan.Step(plan.ValueWidth);
            nint queryAt = plan.Start(item, plan.Queries, plan.Width) + ((nint)from * step), keyAt = plan.Start(item, plan.Keys, plan.Width);
            nint valueAt = plan.Start(item, plan.Keys, plan.ValueWidth);
            T* y = operands.Y + plan.Start(item, plan.Queries, plan.ValueWidth) + ((nint)from * valueStep);
            AddTransposed(weights, y, valueStep, plan.ValueWidth, rows, _values + valueAt, valueStep, isFirst: from == 0);
            MatrixWork.Single(new MatrixOperands<T>
            {
                M = rows,
                N = plan.Keys,
                K = plan.ValueWidth,
                A = y,
                ARow = valueStep,
                AStep = 1,
                B = operands.V + valueAt,
                BStep = 1,
                BColumn = valueStep,
                C = slopes,
                CRow = plan.Keys,
                Start = null,
                StartRow = 0,
            });
            T* plain = _bias == null ? null : _bias + ((((nint)item * plan.Queries) + from) * plan.Keys);
            Reductions.AttentionWeightsBack(weights, slopes, rows, plan.Keys, T.CreateTruncating(plan.Scale), plain);
            MatrixWork.Single(new MatrixOperands<T>
            {
                M = rows,
                N = plan.Width,
                K = plan.Keys,
                A = slopes,
                ARow = plan.Keys,
                AStep = 1,
                B = operands.K + keyAt,
                BStep = step,
                BColumn = 1,
                C = _queries + queryAt,
                CRow = step,
                Start = null,
                StartRow = 0,
            });
            AddTransposed(slopes, operands.Q + queryAt, step, plan.Width, rows, _keys + keyAt, step, isFirst: from == 0);
        }

        // c [keys, width] += aᵀ b, with a [rows, keys] and b [rows, width].
        private void AddTransposed(T* a, T* b, int bStep, int width, int rows, T* c, int cStep, bool isFirst) => MatrixWork.Single(new MatrixOperands<T>
        {
            M = operands.Plan.Keys,
            N = width,
            K = rows,
            A = a,
            ARow = 1,
            AStep = operands.Plan.Keys,
            B = b,
            BStep = bStep,
            BColumn = 1,
            C = c,
            CRow = cStep,
            Start = isFirst ? null : c,
            StartRow = isFirst ? 0 : cStep,
        });
    }
}

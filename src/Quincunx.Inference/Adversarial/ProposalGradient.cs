namespace Quincunx.Inference.Adversarial;

/// <summary>Gradients of expectations under a <see cref="GaussianProposal"/> by its score: ∇ E[f] = E[(f − b) ∇ log q] (Williams 1992, Mach. Learn. 8, 229).</summary>
/// <remarks>
/// In coordinates of the proposal's own, in which z = m + L δ + L (I + S) ε with S lower triangular: at δ = 0 and S = 0 the score is ε for δ and εᵢ εⱼ − [i = j] for Sᵢⱼ, i ≥ j. Steps
/// in them are in units of the spread, whatever the scales of the parameters (natural evolution strategies: Wierstra et al. 2014, JMLR 15, 949). The entropy of z has the slope 1 in each Sᵢᵢ and 0 elsewhere.
/// Packed: δ, then the diagonal of S, then, where the shape is full, the rest of it row by row.
/// </remarks>
internal static class ProposalGradient
{
    public static int Count(int dimension, ProposalShape shape) => (2 * dimension) + (shape == ProposalShape.Full ? dimension * (dimension - 1) / 2 : 0);

    /// <param name="packed">Without the mean.</param>
    /// <param name="lower">Shape <c>[d, d]</c>; overwritten on and below the diagonal.</param>
    public static void Unpack(ReadOnlySpan<double> packed, Span<double> lower, int d, ProposalShape shape)
    {
        int next = d;
        for (int i = 0; i < d; i++)
        {
            lower[(i * d) + i] = packed[i];
            for (int j = 0; j < i; j++)
            {
                lower[(i * d) + j] = shape == ProposalShape.Full ? packed[next++] : 0;
            }
        }
    }

    /// <summary>An unbiased estimate of ∇ E[f]; with failures left out and <see cref="ScoreBaseline.Mean"/> that of the mean over what succeeds, to order 1/n.</summary>
    /// <param name="noises">ε of the draws, shape <c>[n, d]</c>, n at least 2.</param>
    /// <param name="costs">f at them, shape <c>[n]</c>.</param>
    /// <param name="gradient">Shape <c>[Count]</c>; overwritten.</param>
    /// <param name="variances">Of the estimate by the chance of its draws, the costs as a function of x being given; right to order 1/n. Shape <c>[Count]</c>; overwritten.</param>
    public static void Estimate(ReadOnlySpan<double> noises, ReadOnlySpan<double> costs, int d, ProposalShape shape, ScoreBaseline baseline, Span<double> gradient, Span<double> variances)
    {
        int n = costs.Length, count = gradient.Length;
        double[] scores = new double[n * count];
        for (int i = 0; i < n; i++)
        {
            Score(noises.Slice(i * d, d), scores.AsSpan(i * count, count), shape);
        }

        double total = 0;
        foreach (double cost in costs)
        {
            total += cost;
        }

        for (int k = 0; k < count; k++)
        {
            double squares = 0, weighted = 0, sum = 0;
            for (int i = 0; i < n; i++)
            {
                double square = scores[(i * count) + k] * scores[(i * count) + k];
                squares += square;
                weighted += square * costs[i];
            }

            double squaredTerms = 0;
            for (int i = 0; i < n; i++)
            {
                double score = scores[(i * count) + k], square = score * score;
                double others = baseline switch
                {
                    ScoreBaseline.Optimal => squares > square ? (weighted - (square * costs[i])) / (squares - square) : costs[i],
                    ScoreBaseline.Mean => (total - costs[i]) / (n - 1),
                    _ => 0,
                };
                double term = (costs[i] - others) * score;
                sum += term;
                squaredTerms += term * term;
            }

            gradient[k] = sum / n;
            variances[k] = ((squaredTerms / n) - (gradient[k] * gradient[k])) / (n - 1);
        }
    }

    private static void Score(ReadOnlySpan<double> noise, Span<double> score, ProposalShape shape)
    {
        int d = noise.Length, next = 2 * d;
        for (int i = 0; i < d; i++)
        {
            score[i] = noise[i];
            score[d + i] = (noise[i] * noise[i]) - 1;
            for (int j = 0; j < i && shape == ProposalShape.Full; j++)
            {
                score[next++] = noise[i] * noise[j];
            }
        }
    }
}

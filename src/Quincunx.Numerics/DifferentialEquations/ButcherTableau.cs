namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>The numbers of an explicit Runge-Kutta method: k₁ = f(t, y), kᵢ = f(t + cᵢ h, y + h Σⱼ aᵢⱼ kⱼ), y₁ = y + h Σ bᵢ kᵢ.</summary>
/// <remarks>Coefficients and interpolants as in Hairer, Nørsett and Wanner 1993, Solving Ordinary Differential Equations I, chapter II.</remarks>
/// <param name="Order">Of the method whose result is kept.</param>
/// <param name="Nodes">c, the first of which is 0.</param>
/// <param name="Stages">Rows of a, the first of which is empty. If <paramref name="LastStageIsNext"/>, the last is b and its slope the next step's first.</param>
/// <param name="Weights">b.</param>
/// <param name="Error">b minus the weights of the embedded method, or null without one.</param>
/// <param name="Dense">d of the interpolant, or null where cubic Hermite interpolation serves.</param>
internal sealed record ButcherTableau(
    int Order, double[] Nodes, double[][] Stages, double[] Weights, double[]? Error = null, double[]? Dense = null, bool LastStageIsNext = false)
{
    private static readonly double[] FifthOrder = [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0];

    private static readonly double[] FourthOrder = [5179.0 / 57600, 0, 7571.0 / 16695, 393.0 / 640, -92097.0 / 339200, 187.0 / 2100, 1.0 / 40];

    private static readonly ButcherTableau EulerTableau = new(1, [0], [[]], [1]);

    private static readonly ButcherTableau MidpointTableau = new(2, [0, 0.5], [[], [0.5]], [0, 1]);

    private static readonly ButcherTableau RungeKutta4Tableau =
        new(4, [0, 0.5, 0.5, 1], [[], [0.5], [0, 0.5], [0, 0, 1]], [1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6]);

    // Table II.5.2; the interpolant's numbers are those of the authors' program DOPRI5 (contd5).
    private static readonly ButcherTableau DormandPrinceTableau = new(
        5,
        [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1],
        [
            [],
            [1.0 / 5],
            [3.0 / 40, 9.0 / 40],
            [44.0 / 45, -56.0 / 15, 32.0 / 9],
            [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
            [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
            FifthOrder[..6],
        ],
        FifthOrder,
        [.. FifthOrder.Zip(FourthOrder, (fifth, fourth) => fifth - fourth)],
        [
            -12715105075.0 / 11282082432, 0, 87487479700.0 / 32700410799, -10690763975.0 / 1880347072, 701980252875.0 / 199316789632,
            -1453857185.0 / 822651844, 69997945.0 / 29380423,
        ],
        LastStageIsNext: true);

    public int StageCount => Nodes.Length;

    /// <exception cref="ArgumentOutOfRangeException">No such method.</exception>
    public static ButcherTableau Of(RungeKuttaMethod method) => method switch
    {
        RungeKuttaMethod.Euler => EulerTableau,
        RungeKuttaMethod.Midpoint => MidpointTableau,
        RungeKuttaMethod.RungeKutta4 => RungeKutta4Tableau,
        RungeKuttaMethod.DormandPrince => DormandPrinceTableau,
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Not a method."),
    };

    /// <summary>Weights of y and of the slopes k for the solution inside a step of an interpolant of its own.</summary>
    /// <param name="theta">0 at the start, 1 at the end of the step.</param>
    /// <param name="weights">Shape <c>[1 + stages]</c>; overwritten.</param>
    public void Interpolate(double theta, double h, Span<double> weights)
    {
        // y + θ (Δ + (1 - θ)(h k₁ - Δ + θ (2Δ - h k₁ - h k₇ + (1 - θ) h Σ dᵢ kᵢ))) with Δ = y₁ - y = h Σ bᵢ kᵢ.
        double rest = 1 - theta;
        weights[0] = 1;
        for (int i = 0; i < StageCount; i++)
        {
            double b = Weights[i], first = i == 0 ? 1 : 0, last = i == StageCount - 1 ? 1 : 0;
            weights[i + 1] = h * theta * (b + (rest * (first - b + (theta * ((2 * b) - first - last + (rest * Dense![i]))))));
        }
    }

    /// <summary>Weights of y₀, y₁, f₀ and f₁ for the cubic that has these values and slopes at the ends of a step.</summary>
    public static void Hermite(double theta, double h, Span<double> weights)
    {
        double bend = theta * (theta - 1), turn = bend * (1 - (2 * theta));
        weights[0] = 1 - theta - turn;
        weights[1] = theta + turn;
        weights[2] = h * bend * (theta - 1);
        weights[3] = h * bend * theta;
    }
}

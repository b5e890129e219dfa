using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Physics.Dynamics;

/// <summary>The Lotka-Volterra equations in log-populations, integrated by Taylor series of high order.</summary>
/// <remarks>
/// <para>
/// With p = ln u and q = ln v: dp/dt = α − β eᵠ and dq/dt = δ eᵖ − γ. The logarithms never underflow (a crash can reach
/// u = e⁻³⁰⁰⁰) and the system is not stiff in them. At the start of a step the populations are rescaled to û = v̂ = 1,
/// which turns β and δ into b = β eᵠ and d = δ eᵖ. The Taylor coefficients of û and v̂ need one convolution,
/// </para>
/// <code>w = û v̂,  (k+1) û₍ₖ₊₁₎ = α ûₖ − b wₖ,  (k+1) v̂₍ₖ₊₁₎ = d wₖ − γ v̂ₖ</code>
/// <para>
/// and those of p and q follow by integration, (k+1) p₍ₖ₊₁₎ = −b v̂ₖ and (k+1) q₍ₖ₊₁₎ = d ûₖ, with α and −γ added at k = 0.
/// So a step costs two exponentials and about Order²/2 multiplications, and the same polynomials give the solution anywhere
/// inside it. Steps are long because the error is controlled in p and q alone: where u is negligible, its own fast decay
/// does not shorten them. Step control after Jorba and Zou 2005, Experimental Mathematics 14, 99.
/// </para>
/// </remarks>
internal static partial class LotkaVolterra
{
    /// <summary>Terms kept of each series.</summary>
    public const int Order = 20;

    /// <summary>Steps after which <see cref="Solve"/> gives up.</summary>
    public const int MaxSteps = 2_000;

    /// <summary>
    /// Bound on the last two terms of p and q in a step. Global errors are larger by the number of steps and by the growth of
    /// perturbations, which in a spike is the slope of ln u: some tens to hundreds.
    /// </summary>
    public const double Tolerance = 1e-11;

    // Bound on (growth rate) x (step): an exponential that grows by more than eˣ leaves a remainder well above its last
    // kept term, so that the test of the last terms would no longer bound the error.
    private const double MaxGrowth = 7;

    private static readonly double[] Inverse = [.. Enumerable.Range(0, Order + 1).Select(k => 1.0 / k)];

    /// <summary>Writes ln u and ln v at times 0, 1, 2, ... (as many as the spans are long).</summary>
    /// <returns>The steps taken, or -1 when <see cref="MaxSteps"/> or the range of float64 ran out; the spans are then unfinished.</returns>
    [SkipLocalsInit]
    public static unsafe int Solve(
        double alpha,
        double beta,
        double gamma,
        double delta,
        double logU,
        double logV,
        Span<double> logUs,
        Span<double> logVs,
        double tolerance = Tolerance)
    {
        double* u = stackalloc double[Order];
        double* v = stackalloc double[Order];
        Vector128<double>* series = stackalloc Vector128<double>[Order + 1];
        Vector128<double> state = Vector128.Create(logU, logV);
        double start = 0;
        double logTolerance = Math.Log(tolerance);
        int next = 0;
        fixed (double* inverse = Inverse)
        {
            for (int steps = 0; steps < MaxSteps; steps++)
            {
                Vector128<double> populations = Vector128.Exp(state);
                double b = beta * populations[1], d = delta * populations[0];
                Vector128<double> coupling = Vector128.Create(-b, d);
                series[0] = state;
                series[1] = Vector128.Create(alpha - b, d - gamma);
                double uk = alpha - b, vk = d - gamma;
                u[0] = v[0] = 1;
                u[1] = uk;
                v[1] = vk;
                series[2] = coupling * Vector128.Create(vk, uk) * 0.5;
                for (int k = 1; k < Order - 1; k++)
                {
                    double w0 = 0, w1 = 0;
                    int i = 1;
                    for (; i < k - 1; i += 2)
                    {
                        w0 = double.FusedMultiplyAdd(u[i], v[k - i], w0);
                        w1 = double.FusedMultiplyAdd(u[i + 1], v[k - i - 1], w1);
                    }

                    if (i < k)
                    {
                        w0 = double.FusedMultiplyAdd(u[i], v[k - i], w0);
                    }

                    double w = (w0 + w1) + (uk + vk);       // û₀ = v̂₀ = 1
                    double scale = inverse[k + 1];
                    uk = (alpha * uk - b * w) * scale;
                    vk = (d * w - gamma * vk) * scale;
                    u[k + 1] = uk;
                    v[k + 1] = vk;
                    series[k + 2] = coupling * Vector128.Create(vk, uk) * inverse[k + 2];
                }

                double step = StepLength(series, Math.Max(alpha, d), logTolerance);
                if (!(step > 0))
                {
                    return -1;
                }

                while (next <= start + step)
                {
                    Vector128<double> y = Evaluate(series, next - start);
                    (logUs[next], logVs[next]) = (y[0], y[1]);
                    if (++next == logUs.Length)
                    {
                        return steps + 1;
                    }
                }

                state = Evaluate(series, step);
                start += step;
            }
        }

        return -1;
    }

    private static unsafe Vector128<double> Evaluate(Vector128<double>* series, double t)
    {
        Vector128<double> y = series[Order], time = Vector128.Create(t);
        for (int k = Order - 1; k >= 0; k--)
        {
            y = Vector128.FusedMultiplyAdd(y, time, series[k]);
        }

        return y;
    }

    // The largest step for which the last two terms of both series are within tolerance. Two, since one of an oscillating
    // series may vanish by chance. NaN if the terms overflowed.
    private static unsafe double StepLength(Vector128<double>* series, double growth, double logTolerance)
    {
        Vector128<double> last = Vector128.Abs(series[Order]), previous = Vector128.Abs(series[Order - 1]);
        double logStep = Math.Min(
            (logTolerance - Math.Log(Math.Max(last[0], last[1]))) / Order,
            (logTolerance - Math.Log(Math.Max(previous[0], previous[1]))) / (Order - 1));
        return Math.Min(Math.Exp(logStep), MaxGrowth / growth);
    }
}

using System.Numerics;
using System.Runtime.InteropServices;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Physics.Dynamics;

// The same series over numbers that carry derivatives or several hypotheses.
internal static partial class LotkaVolterra
{
    // Where hypotheses ride along, steps are chosen for the first; one for which they are this much too long goes by itself.
    private const double MostTolerance = 1e3 * Tolerance, MostGrowth = 2 * MaxGrowth;

    /// <summary>Writes ln u and ln v at times 0, 1, 2, ... (as many as the spans are long).</summary>
    /// <remarks>
    /// Step lengths are plain numbers, chosen from the plain values of the series: theta moves the solution, not the grid, so that the derivative is that of the solution
    /// up to the error of a truncated series.
    /// </remarks>
    /// <returns>False when <see cref="MaxSteps"/> or the range of float64 ran out; the spans are then unfinished.</returns>
    public static bool SolveOver<TReal>(TReal alpha, TReal beta, TReal gamma, TReal delta, TReal logU, TReal logV, Span<TReal> logUs, Span<TReal> logVs)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        if (typeof(TReal) == typeof(double))
        {
            return Solve(
                Law.Value(alpha), Law.Value(beta), Law.Value(gamma), Law.Value(delta), Law.Value(logU), Law.Value(logV),
                MemoryMarshal.Cast<TReal, double>(logUs), MemoryMarshal.Cast<TReal, double>(logVs)) >= 0;
        }

        Span<TReal> u = stackalloc TReal[Order], v = stackalloc TReal[Order], p = stackalloc TReal[Order + 1], q = stackalloc TReal[Order + 1];
        (p[0], q[0]) = (logU, logV);
        double start = 0;
        int next = 0;
        for (int steps = 0; steps < MaxSteps; steps++)
        {
            TReal b = beta * TReal.Exp(q[0]), d = delta * TReal.Exp(p[0]);
            Expand(alpha, b, gamma, d, u, v, p, q);
            double step = StepLength(p, q, alpha, d);
            if (!(step > 0))
            {
                return false;
            }

            for (; next <= start + step; next++)
            {
                var time = TReal.CreateTruncating(next - start);
                (logUs[next], logVs[next]) = (Evaluate(p, time), Evaluate(q, time));
                if (next + 1 == logUs.Length)
                {
                    return true;
                }
            }

            var whole = TReal.CreateTruncating(step);
            (p[0], q[0]) = (Evaluate(p, whole), Evaluate(q, whole));
            start += step;
        }

        return false;
    }

    // Coefficients of the series from the first of p and q; the recurrence is in the remarks of the class.
    private static void Expand<TReal>(TReal alpha, TReal b, TReal gamma, TReal d, Span<TReal> u, Span<TReal> v, Span<TReal> p, Span<TReal> q)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        (u[0], v[0]) = (TReal.One, TReal.One);
        (p[1], q[1]) = (alpha - b, d - gamma);
        for (int k = 0; k < Order - 1; k++)
        {
            TReal w = TReal.Zero;
            for (int i = 0; i <= k; i++)
            {
                w += u[i] * v[k - i];
            }

            var share = TReal.CreateTruncating(Inverse[k + 1]);
            u[k + 1] = ((alpha * u[k]) - (b * w)) * share;
            v[k + 1] = ((d * w) - (gamma * v[k])) * share;
            share = TReal.CreateTruncating(Inverse[k + 2]);
            p[k + 2] = -b * v[k + 1] * share;
            q[k + 2] = d * u[k + 1] * share;
        }
    }

    private static double StepLength<TReal>(ReadOnlySpan<TReal> p, ReadOnlySpan<TReal> q, TReal alpha, TReal d)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        TReal last = TReal.Max(TReal.Abs(p[Order]), TReal.Abs(q[Order])), growth = TReal.Max(alpha, d);
        TReal previous = TReal.Max(TReal.Abs(p[Order - 1]), TReal.Abs(q[Order - 1]));
        double logStep = Math.Min(
            (Math.Log(Tolerance) - Math.Log(Law.Value(last))) / Order, (Math.Log(Tolerance) - Math.Log(Law.Value(previous))) / (Order - 1));
        double step = Math.Min(Math.Exp(logStep), MaxGrowth / Law.Value(growth));
        bool suits = last <= TReal.CreateTruncating(MostTolerance * Math.Pow(step, -Order))
            && previous <= TReal.CreateTruncating(MostTolerance * Math.Pow(step, 1 - Order))
            && growth <= TReal.CreateTruncating(MostGrowth / step);
        return suits ? step : double.NaN;
    }

    private static TReal Evaluate<TReal>(ReadOnlySpan<TReal> series, TReal t)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        TReal y = series[Order];
        for (int k = Order - 1; k >= 0; k--)
        {
            y = (y * t) + series[k];
        }

        return y;
    }
}

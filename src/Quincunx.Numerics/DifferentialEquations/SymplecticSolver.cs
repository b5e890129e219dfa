using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>Solves Hamilton's equations for H(q, p) = T(p) + V(q): dq/dt = ∂T/∂p, dp/dt = -∂V/∂q.</summary>
/// <remarks>
/// <para>
/// The methods conserve phase space volume, and the energy error stays bounded over times exponentially long in 1/step (Hairer, Lubich and Wanner 2006, Geometric
/// Numerical Integration, chapter IX). Between steps the solution is a cubic Hermite polynomial, which is not symplectic but never fed back.
/// </para>
/// <para>Where anything is tracked, derivatives go through the steps, whose memory then stays. Solutions can be part of a replay.</para>
/// </remarks>
/// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
public sealed class SymplecticSolver(SymplecticOptions options)
{
    private readonly SymplecticOptions _options = options.Checked();

    /// <summary>Solves for tensors of any shape.</summary>
    /// <param name="velocity">∂T/∂p at p; p itself for unit masses.</param>
    /// <param name="force">-∂V/∂q at q.</param>
    /// <param name="q">Positions at the first time.</param>
    /// <param name="p">Momenta there, of the same shape.</param>
    /// <param name="times">The first is that of the start; at least two, strictly rising or falling.</param>
    /// <param name="cancel">Checked before each step.</param>
    /// <exception cref="ArgumentException">The times are in no order, or element types differ.</exception>
    /// <exception cref="ShapeException">Shapes differ.</exception>
    public HamiltonianResult Solve(
        Func<Tensor, Tensor> velocity, Func<Tensor, Tensor> force, Tensor q, Tensor p, ReadOnlySpan<double> times, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(velocity);
        ArgumentNullException.ThrowIfNull(force);
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        OdeTimes.Check(times);
        if (q.Shape != p.Shape)
        {
            throw ShapeException.Pair("Solve", q.Shape, p.Shape, "positions and momenta come in pairs.");
        }

        q.RequireSameType(p);
        Tensor slope = Slope(force, q), speed = Slope(velocity, p);
        bool recorded = Recording.IsOn && (q.IsTracked || p.IsTracked || slope.IsTracked || speed.IsTracked);
        using var space = new TensorSpace(recorded, 1, 1);
        List<Tensor> qs = [], ps = [];
        var loop = new SymplecticLoop<Tensor[]>(
            space, (ref Tensor[]? into, Tensor[] x) => into = [Slope(velocity, x[0])], (ref Tensor[]? into, Tensor[] x) => into = [Slope(force, x[0])], _options,
            (q, p) =>
            {
                qs.Add(q[0]);
                ps.Add(p[0]);
            },
            cancel);
        OdeOutcome outcome = loop.Run([q], [p], [slope], times);
        return new HamiltonianResult(space.Release(Tensor.Stack([.. qs])), space.Release(Tensor.Stack([.. ps])), outcome);
    }

    /// <summary>Solves for plain numbers; a step allocates nothing.</summary>
    /// <param name="velocity">∂T/∂p at p.</param>
    /// <param name="force">-∂V/∂q at q.</param>
    /// <param name="q">Shape <c>[n]</c>: positions at the first time.</param>
    /// <param name="p">Shape <c>[n]</c>: momenta there.</param>
    /// <param name="times">The first is that of the start; at least two, strictly rising or falling.</param>
    /// <param name="qs">Shape <c>[times, n]</c>; overwritten, with NaN for times that are not reached.</param>
    /// <param name="ps">Shape <c>[times, n]</c>; overwritten, with NaN for times that are not reached.</param>
    /// <param name="cancel">Checked before each step.</param>
    /// <exception cref="ArgumentException">The times are in no order, or a span has another length.</exception>
    public OdeOutcome Solve(
        SpanMap velocity, SpanMap force, ReadOnlySpan<double> q, ReadOnlySpan<double> p, ReadOnlySpan<double> times, Span<double> qs, Span<double> ps,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(velocity);
        ArgumentNullException.ThrowIfNull(force);
        OdeTimes.Check(times);
        int n = q.Length, count = times.Length * n;
        if (p.Length != n || qs.Length != count || ps.Length != count)
        {
            throw new ArgumentException($"Expected shapes [{n}] and twice [{times.Length}, {n}], got lengths {p.Length}, {qs.Length} and {ps.Length}.", nameof(p));
        }

        var space = new ArraySpace(n, 1, 1);
        double[] startQ = space.Allocate(), startP = space.Allocate(), foundQ = new double[count], foundP = new double[count];
        q.CopyTo(startQ);
        p.CopyTo(startP);
        int at = 0;
        var loop = new SymplecticLoop<double[]>(
            space, Into(velocity), Into(force), _options,
            (q, p) =>
            {
                q.CopyTo(foundQ, at);
                p.CopyTo(foundP, at);
                at += n;
            },
            cancel);
        OdeOutcome outcome = loop.Run(startQ, startP, null, times);
        foundQ.AsSpan(at).Fill(double.NaN);
        foundP.AsSpan(at).Fill(double.NaN);
        foundQ.CopyTo(qs);
        foundP.CopyTo(ps);
        return outcome;

        StateMap<double[]> Into(SpanMap map) => (ref double[]? into, double[] x) =>
        {
            into ??= space.Allocate();
            map(x, into);
        };
    }

    private static Tensor Slope(Func<Tensor, Tensor> map, Tensor x) => OdeSolver.Slope((_, y) => map(y), 0, x);
}

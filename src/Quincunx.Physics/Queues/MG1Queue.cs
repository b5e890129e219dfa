using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Physics.Queues;

/// <summary>The M/G/1 queue with uniform service: what is seen is when customers leave.</summary>
/// <remarks>
/// <para>
/// Customers arrive with exponential gaps and wait for one server, who takes Uniform(θ₁, θ₂) for each. The time from one departure to the next is the service, and before it the idle time
/// until the customer came, if the last one had left by then (Lindley's recursion). M. G. B. Blum and O. François 2010, Stat. Comput. 20, 63; summaries and ranges of G. Papamakarios, D. Sterratt and I. Murray 2019,
/// "Sequential neural likelihood", arXiv:1805.07226: 50 customers, the five quartiles (0, 25, 50, 75, 100 %), θ₁ and θ₂ − θ₁ from 0 to 10, θ₃ from 0 to 1/3, observation at (1, 5, 0.2).
/// </para>
/// <para>
/// Parameters, in any unit of time: <c>service_min</c> θ₁, at least 0; <c>service_range</c> θ₂ − θ₁, positive; <c>arrival_rate</c> θ₃, positive.
/// </para>
/// <para>
/// The ends of the services move with theta, and at an end their density jumps. So joint ratios are right wherever the other hypothesis allows the services that were drawn, and zero elsewhere, but
/// they average to 1 only over services that it allows all of; and the joint score of <c>service_min</c> and <c>service_range</c>, 0 and −1 / range for each service, misses the jump and does not average to 0. That
/// of <c>arrival_rate</c> does.
/// </para>
/// </remarks>
public sealed class MG1Queue : IMechanism
{
    private const int MostOnStack = 128;

    private readonly int _customers;
    private readonly QueueOutputs _outputs;

    /// <param name="outputs">What is seen of the departures.</param>
    /// <param name="customers">At least 2. The queue starts empty.</param>
    public MG1Queue(QueueOutputs outputs = QueueOutputs.Quartiles, int customers = 50)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(customers, 2);
        (_outputs, _customers) = (outputs, customers);
        OutputNames = outputs switch
        {
            QueueOutputs.Quartiles => ["gap_min", "gap_quarter", "gap_median", "gap_three_quarters", "gap_max"],
            QueueOutputs.Gaps => [.. Enumerable.Range(1, customers).Select(i => $"gap_{i}")],
            _ => throw new ArgumentOutOfRangeException(nameof(outputs), outputs, "Expected quartiles or gaps."),
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["service_min", "service_range", "arrival_rate"];

    /// <summary>Times between departures, or their quartiles.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <inheritdoc/>
    /// <remarks>Choices: <c>arrival[i]</c>, the gap before customer i, and <c>service[i]</c>. Named quantity: <c>wait[i]</c>, time in the queue.</remarks>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        if (!(theta[0] >= TReal.Zero && theta[1] > TReal.Zero))
        {
            throw new ArgumentException($"Expected a shortest service of at least 0 and a positive range, got {theta[0]} and {theta[1]}.", nameof(theta));
        }

        bool summarise = _outputs == QueueOutputs.Quartiles;
        Span<TReal> own = stackalloc TReal[summarise ? Math.Min(_customers, MostOnStack) : 0];
        Span<TReal> gaps = !summarise ? x : _customers <= MostOnStack ? own : new TReal[_customers];
        TReal wait = TReal.Zero, service = TReal.Zero, upper = theta[0] + theta[1];
        for (int i = 0; i < gaps.Length; i++)
        {
            // How much longer than the gap between the two customers the last one stayed: waiting, or where negative, an idle server.
            TReal balance = wait + service - trace.Draw(new Site("arrival", i), Law.Exponential(theta[2]));
            wait = trace.Let(new Site("wait", i), TReal.Max(balance, TReal.Zero));
            service = trace.Draw(new Site("service", i), Law.Uniform(theta[0], upper));
            gaps[i] = service + wait - balance;
        }

        if (summarise)
        {
            Quartiles(gaps, x);
        }
    }

    // Linear between the sorted numbers.
    private static void Quartiles<TReal>(Span<TReal> gaps, Span<TReal> x)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        gaps.Sort();
        for (int q = 0; q <= 4; q++)
        {
            int place = q * (gaps.Length - 1), below = place / 4;
            x[q] = place % 4 == 0 ? gaps[below] : gaps[below] + (TReal.CreateTruncating(0.25 * (place % 4)) * (gaps[below + 1] - gaps[below]));
        }
    }
}

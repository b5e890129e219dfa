using System.Numerics;

namespace Quincunx.Inference.Mechanisms.Interventions;

/// <summary>A mechanism under interventions; <see cref="MechanismInterventions.Under"/> makes it.</summary>
public sealed class IntervenedMechanism : IMechanism
{
    private readonly IMechanism _mechanism;
    private readonly InterventionTable _table;

    internal IntervenedMechanism(IMechanism mechanism, IReadOnlyList<Intervention> interventions)
    {
        ArgumentNullException.ThrowIfNull(mechanism);
        ArgumentNullException.ThrowIfNull(interventions);
        _mechanism = mechanism;
        _table = new InterventionTable(interventions, mechanism.OutputNames);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames => _mechanism.ParameterNames;

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputNames => _mechanism.OutputNames;

    /// <summary>Interventions whose site no event has come by so far: after many events, most likely misspelt.</summary>
    public IReadOnlyList<Intervention> Unused => _table.Unused;

    /// <inheritdoc/>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        var intervening = new InterveningTrace<TReal, TTrace>(trace, _table);
        try
        {
            _mechanism.Run(theta, x, ref intervening);
        }
        finally
        {
            trace = intervening.Inner;
        }
    }
}

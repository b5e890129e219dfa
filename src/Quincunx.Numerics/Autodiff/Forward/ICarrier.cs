namespace Quincunx.Numerics.Autodiff.Forward;

/// <summary>A number that carries something along with a plain one.</summary>
internal interface ICarrier
{
    /// <summary>The plain number.</summary>
    double Value { get; }
}

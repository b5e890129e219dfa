using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>The right side of dy/dt = f(t, y).</summary>
/// <param name="y">The state, of any shape; not to be kept.</param>
/// <returns>The slope, in shape and element type of the state.</returns>
public delegate Tensor VectorField(double t, Tensor y);

namespace Quincunx.Numerics.Autodiff.Forward;

/// <summary>Derivatives of functions written over generic math, by evaluating them with <see cref="Dual{TTangent}"/>.</summary>
public static class ForwardMode
{
    /// <summary>A function of several numbers.</summary>
    /// <param name="x">Where; not to be kept.</param>
    /// <param name="y">Overwritten with the values.</param>
    public delegate void Function<TTangent>(ReadOnlySpan<Dual<TTangent>> x, Span<Dual<TTangent>> y)
        where TTangent : unmanaged, ITangent<TTangent>;

    /// <summary>Values and all derivatives of a function; it is evaluated once for as many inputs as <typeparamref name="TTangent"/> has directions.</summary>
    /// <param name="function">Must take the same course each time: give it the same random numbers.</param>
    /// <param name="x">Shape <c>[inputs]</c>.</param>
    /// <param name="y">Shape <c>[outputs]</c>; overwritten.</param>
    /// <param name="jacobian">Shape <c>[outputs, inputs]</c>, row-major: dyᵢ/dxⱼ; overwritten.</param>
    /// <exception cref="ArgumentException"><paramref name="jacobian"/> has another length.</exception>
    public static void Jacobian<TTangent>(Function<TTangent> function, ReadOnlySpan<double> x, Span<double> y, Span<double> jacobian)
        where TTangent : unmanaged, ITangent<TTangent>
    {
        ArgumentNullException.ThrowIfNull(function);
        int inputs = x.Length, outputs = y.Length;
        if (jacobian.Length != outputs * inputs)
        {
            throw new ArgumentException($"Expected shape [{outputs}, {inputs}], got length {jacobian.Length}.", nameof(jacobian));
        }

        Dual<TTangent>[] arguments = new Dual<TTangent>[inputs], values = new Dual<TTangent>[outputs];
        int first = 0;
        do
        {
            int width = Math.Min(TTangent.Directions, inputs - first);
            for (int j = 0; j < inputs; j++)
            {
                arguments[j] = j >= first && j < first + width ? Dual<TTangent>.Variable(x[j], j - first) : new Dual<TTangent>(x[j]);
            }

            function(arguments, values);
            for (int i = 0; i < outputs; i++)
            {
                y[i] = values[i].Value;
                values[i].CopyDerivatives(jacobian.Slice((i * inputs) + first, width));
            }

            first += width;
        }
        while (first < inputs);
    }
}

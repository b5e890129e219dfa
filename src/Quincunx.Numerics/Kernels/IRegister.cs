namespace Quincunx.Numerics.Kernels;

/// <summary>A vector register with operators, so that a kernel's formulas read as formulas.</summary>
/// <typeparam name="TSelf">The register of one width.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
internal unsafe interface IRegister<TSelf, T>
    where TSelf : struct, IRegister<TSelf, T>
    where T : unmanaged
{
    /// <summary>Elements of a register.</summary>
    static abstract int Count { get; }

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>Bit by bit, for masks.</summary>
    static abstract TSelf operator &(TSelf a, TSelf b);

    static abstract TSelf Load(T* source);

    /// <summary>The same number in every lane.</summary>
    static abstract TSelf Of(double value);

    /// <summary>a * b + c; with one rounding, except in the portable lanes.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The larger one, or the second where either is NaN.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The smaller one, or the second where either is NaN.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    static abstract TSelf Abs(TSelf x);

    static abstract TSelf Sqrt(TSelf x);

    /// <summary>A mask, all ones or all zeros in each lane; false where either is NaN.</summary>
    static abstract TSelf Less(TSelf a, TSelf b);

    /// <inheritdoc cref="Less"/>
    static abstract TSelf LessOrEqual(TSelf a, TSelf b);

    /// <inheritdoc cref="Less"/>
    static abstract TSelf AreEqual(TSelf a, TSelf b);

    /// <summary>a where the mask is set, else b.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary>Whether the mask is set in every lane.</summary>
    static abstract bool All(TSelf mask);

    static abstract TSelf Exp(TSelf x);

    static abstract TSelf Expm1(TSelf x);

    static abstract TSelf Log(TSelf x);

    static abstract TSelf Softplus(TSelf x);

    static abstract TSelf Tanh(TSelf x);

    void Store(T* target);
}

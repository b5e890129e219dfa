using System.Globalization;
using System.Numerics;

namespace Quincunx.Numerics.Autodiff.Forward;

// Constants, and questions that the value alone answers.
public readonly partial struct Dual<TTangent>
{
    public static Dual<TTangent> Zero => default;

    public static Dual<TTangent> One => new(1);

    public static Dual<TTangent> NegativeOne => new(-1);

    public static Dual<TTangent> NegativeZero => new(-0.0);

    public static Dual<TTangent> E => new(Math.E);

    public static Dual<TTangent> Pi => new(Math.PI);

    public static Dual<TTangent> Tau => new(Math.Tau);

    /// <summary>The smallest positive number of float64.</summary>
    public static Dual<TTangent> Epsilon => new(double.Epsilon);

    public static Dual<TTangent> NaN => new(double.NaN);

    public static Dual<TTangent> PositiveInfinity => new(double.PositiveInfinity);

    public static Dual<TTangent> NegativeInfinity => new(double.NegativeInfinity);

    public static Dual<TTangent> MaxValue => new(double.MaxValue);

    public static Dual<TTangent> MinValue => new(double.MinValue);

    public static Dual<TTangent> AdditiveIdentity => default;

    public static Dual<TTangent> MultiplicativeIdentity => new(1);

    public static int Radix => 2;

    public static bool IsNaN(Dual<TTangent> value) => double.IsNaN(value.Value);

    public static bool IsFinite(Dual<TTangent> value) => double.IsFinite(value.Value);

    public static bool IsInfinity(Dual<TTangent> value) => double.IsInfinity(value.Value);

    public static bool IsPositiveInfinity(Dual<TTangent> value) => double.IsPositiveInfinity(value.Value);

    public static bool IsNegativeInfinity(Dual<TTangent> value) => double.IsNegativeInfinity(value.Value);

    public static bool IsPositive(Dual<TTangent> value) => double.IsPositive(value.Value);

    public static bool IsNegative(Dual<TTangent> value) => double.IsNegative(value.Value);

    public static bool IsZero(Dual<TTangent> value) => value.Value == 0;

    public static bool IsInteger(Dual<TTangent> value) => double.IsInteger(value.Value);

    public static bool IsEvenInteger(Dual<TTangent> value) => double.IsEvenInteger(value.Value);

    public static bool IsOddInteger(Dual<TTangent> value) => double.IsOddInteger(value.Value);

    public static bool IsNormal(Dual<TTangent> value) => double.IsNormal(value.Value);

    public static bool IsSubnormal(Dual<TTangent> value) => double.IsSubnormal(value.Value);

    public static bool IsRealNumber(Dual<TTangent> value) => !double.IsNaN(value.Value);

    public static bool IsCanonical(Dual<TTangent> value) => true;

    public static bool IsComplexNumber(Dual<TTangent> value) => false;

    public static bool IsImaginaryNumber(Dual<TTangent> value) => false;

    public static int Sign(Dual<TTangent> value) => Math.Sign(value.Value);

    public static int ILogB(Dual<TTangent> x) => Math.ILogB(x.Value);

    /// <summary>The next number above; it moves as x does.</summary>
    public static Dual<TTangent> BitIncrement(Dual<TTangent> x) => new(Math.BitIncrement(x.Value), x._tangent);

    /// <summary>The next number below; it moves as x does.</summary>
    public static Dual<TTangent> BitDecrement(Dual<TTangent> x) => new(Math.BitDecrement(x.Value), x._tangent);

    /// <summary>Rounded; constant between jumps, so its derivative is 0.</summary>
    public static Dual<TTangent> Round(Dual<TTangent> x, int digits, MidpointRounding mode) => new(Math.Round(x.Value, digits, mode));

    /// <inheritdoc/>
    public static Dual<TTangent> Floor(Dual<TTangent> x) => new(Math.Floor(x.Value));

    /// <inheritdoc/>
    public static Dual<TTangent> Ceiling(Dual<TTangent> x) => new(Math.Ceiling(x.Value));

    /// <inheritdoc/>
    public static Dual<TTangent> Truncate(Dual<TTangent> x) => new(Math.Truncate(x.Value));

    public static Dual<TTangent> Parse(string s, IFormatProvider? provider) => new(double.Parse(s, provider));

    public static Dual<TTangent> Parse(string s, NumberStyles style, IFormatProvider? provider) => new(double.Parse(s, style, provider));

    public static Dual<TTangent> Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => new(double.Parse(s, provider));

    public static Dual<TTangent> Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => new(double.Parse(s, style, provider));

    public static bool TryParse(string? s, IFormatProvider? provider, out Dual<TTangent> result) =>
        TryParse(s, NumberStyles.Float | NumberStyles.AllowThousands, provider, out result);

    public static bool TryParse(string? s, NumberStyles style, IFormatProvider? provider, out Dual<TTangent> result) =>
        TryParse(s.AsSpan(), style, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Dual<TTangent> result) =>
        TryParse(s, NumberStyles.Float | NumberStyles.AllowThousands, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out Dual<TTangent> result)
    {
        bool parsed = double.TryParse(s, style, provider, out double value);
        result = new(value);
        return parsed;
    }

    public string ToString(string? format, IFormatProvider? formatProvider) => Value.ToString(format, formatProvider);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Value.TryFormat(destination, out charsWritten, format, provider);

    int IFloatingPoint<Dual<TTangent>>.GetExponentByteCount() => Plain.GetExponentByteCount();

    int IFloatingPoint<Dual<TTangent>>.GetExponentShortestBitLength() => Plain.GetExponentShortestBitLength();

    int IFloatingPoint<Dual<TTangent>>.GetSignificandByteCount() => Plain.GetSignificandByteCount();

    int IFloatingPoint<Dual<TTangent>>.GetSignificandBitLength() => Plain.GetSignificandBitLength();

    bool IFloatingPoint<Dual<TTangent>>.TryWriteExponentBigEndian(Span<byte> destination, out int bytesWritten) =>
        Plain.TryWriteExponentBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Dual<TTangent>>.TryWriteExponentLittleEndian(Span<byte> destination, out int bytesWritten) =>
        Plain.TryWriteExponentLittleEndian(destination, out bytesWritten);

    bool IFloatingPoint<Dual<TTangent>>.TryWriteSignificandBigEndian(Span<byte> destination, out int bytesWritten) =>
        Plain.TryWriteSignificandBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Dual<TTangent>>.TryWriteSignificandLittleEndian(Span<byte> destination, out int bytesWritten) =>
        Plain.TryWriteSignificandLittleEndian(destination, out bytesWritten);

    private IFloatingPoint<double> Plain => Value;
}

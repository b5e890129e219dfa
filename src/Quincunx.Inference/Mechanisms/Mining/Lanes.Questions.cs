using System.Globalization;
using System.Numerics;

namespace Quincunx.Inference.Mechanisms.Mining;

// Constants, questions that all hypotheses must answer alike, and conversion, which they must survive alike.
internal readonly partial struct Lanes<TNumbers>
{
    public static Lanes<TNumbers> Zero => new(0);

    public static Lanes<TNumbers> One => new(1);

    public static Lanes<TNumbers> NegativeOne => new(-1);

    public static Lanes<TNumbers> NegativeZero => new(-0.0);

    public static Lanes<TNumbers> E => new(Math.E);

    public static Lanes<TNumbers> Pi => new(Math.PI);

    public static Lanes<TNumbers> Tau => new(Math.Tau);

    public static Lanes<TNumbers> Epsilon => new(double.Epsilon);

    public static Lanes<TNumbers> NaN => new(double.NaN);

    public static Lanes<TNumbers> PositiveInfinity => new(double.PositiveInfinity);

    public static Lanes<TNumbers> NegativeInfinity => new(double.NegativeInfinity);

    public static Lanes<TNumbers> AdditiveIdentity => new(0);

    public static Lanes<TNumbers> MultiplicativeIdentity => new(1);

    public static int Radix => 2;

    public static bool IsNaN(Lanes<TNumbers> value) => All(value, static v => double.IsNaN(v));

    public static bool IsFinite(Lanes<TNumbers> value) => All(value, static v => double.IsFinite(v));

    public static bool IsInfinity(Lanes<TNumbers> value) => All(value, static v => double.IsInfinity(v));

    public static bool IsPositiveInfinity(Lanes<TNumbers> value) => All(value, static v => double.IsPositiveInfinity(v));

    public static bool IsNegativeInfinity(Lanes<TNumbers> value) => All(value, static v => double.IsNegativeInfinity(v));

    public static bool IsPositive(Lanes<TNumbers> value) => All(value, static v => double.IsPositive(v));

    public static bool IsNegative(Lanes<TNumbers> value) => All(value, static v => double.IsNegative(v));

    public static bool IsInteger(Lanes<TNumbers> value) => All(value, static v => double.IsInteger(v));

    public static bool IsEvenInteger(Lanes<TNumbers> value) => All(value, static v => double.IsEvenInteger(v));

    public static bool IsOddInteger(Lanes<TNumbers> value) => All(value, static v => double.IsOddInteger(v));

    public static bool IsNormal(Lanes<TNumbers> value) => All(value, static v => double.IsNormal(v));

    public static bool IsSubnormal(Lanes<TNumbers> value) => All(value, static v => double.IsSubnormal(v));

    public static bool IsRealNumber(Lanes<TNumbers> value) => All(value, static v => double.IsRealNumber(v));

    public static bool IsZero(Lanes<TNumbers> value) => All(value, static v => v == 0);

    public static bool IsCanonical(Lanes<TNumbers> value) => true;

    public static bool IsComplexNumber(Lanes<TNumbers> value) => false;

    public static bool IsImaginaryNumber(Lanes<TNumbers> value) => false;

    public static int Sign(Lanes<TNumbers> value) => Math.Sign(value.Alike());

    public static int ILogB(Lanes<TNumbers> x) => Math.ILogB(x.Alike());

    public static bool operator ==(Lanes<TNumbers> left, Lanes<TNumbers> right) => All(left, right, static (a, b) => a == b);

    public static bool operator !=(Lanes<TNumbers> left, Lanes<TNumbers> right) => All(left, right, static (a, b) => a != b);

    public static bool operator <(Lanes<TNumbers> left, Lanes<TNumbers> right) => All(left, right, static (a, b) => a < b);

    public static bool operator >(Lanes<TNumbers> left, Lanes<TNumbers> right) => All(left, right, static (a, b) => a > b);

    public static bool operator <=(Lanes<TNumbers> left, Lanes<TNumbers> right) => All(left, right, static (a, b) => a <= b);

    public static bool operator >=(Lanes<TNumbers> left, Lanes<TNumbers> right) => All(left, right, static (a, b) => a >= b);

    public int CompareTo(Lanes<TNumbers> other) => Alike().CompareTo(other.Alike());

    public int CompareTo(object? obj) => obj is Lanes<TNumbers> other ? CompareTo(other) : throw new ArgumentException($"Expected {typeof(Lanes<TNumbers>)}.", nameof(obj));

    public bool Equals(Lanes<TNumbers> other) => All(this, other, static (a, b) => a.Equals(b));

    public override bool Equals(object? obj) => obj is Lanes<TNumbers> other && Equals(other);

    public override int GetHashCode() => Value.GetHashCode();

    public override string ToString() => ToString(null, CultureInfo.InvariantCulture);

    public string ToString(string? format, IFormatProvider? formatProvider) => Value.ToString(format, formatProvider);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Value.TryFormat(destination, out charsWritten, format, provider);

    public static Lanes<TNumbers> Parse(string s, IFormatProvider? provider) => new(double.Parse(s, provider));

    public static Lanes<TNumbers> Parse(string s, NumberStyles style, IFormatProvider? provider) => new(double.Parse(s, style, provider));

    public static Lanes<TNumbers> Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => new(double.Parse(s, provider));

    public static Lanes<TNumbers> Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => new(double.Parse(s, style, provider));

    public static bool TryParse(string? s, IFormatProvider? provider, out Lanes<TNumbers> result) => TryParse(s.AsSpan(), NumberStyles.Float, provider, out result);

    public static bool TryParse(string? s, NumberStyles style, IFormatProvider? provider, out Lanes<TNumbers> result) => TryParse(s.AsSpan(), style, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Lanes<TNumbers> result) => TryParse(s, NumberStyles.Float, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out Lanes<TNumbers> result)
    {
        bool parsed = double.TryParse(s, style, provider, out double value);
        result = new(value);
        return parsed;
    }

    static bool INumberBase<Lanes<TNumbers>>.TryConvertFromChecked<TOther>(TOther value, out Lanes<TNumbers> result)
    {
        result = new(double.CreateChecked(value));
        return true;
    }

    static bool INumberBase<Lanes<TNumbers>>.TryConvertFromSaturating<TOther>(TOther value, out Lanes<TNumbers> result)
    {
        result = new(double.CreateSaturating(value));
        return true;
    }

    static bool INumberBase<Lanes<TNumbers>>.TryConvertFromTruncating<TOther>(TOther value, out Lanes<TNumbers> result)
    {
        result = new(double.CreateTruncating(value));
        return true;
    }

    static bool INumberBase<Lanes<TNumbers>>.TryConvertToChecked<TOther>(Lanes<TNumbers> value, out TOther result)
    {
        result = TOther.CreateChecked(value.Alike());
        return true;
    }

    static bool INumberBase<Lanes<TNumbers>>.TryConvertToSaturating<TOther>(Lanes<TNumbers> value, out TOther result)
    {
        result = TOther.CreateSaturating(value.Alike());
        return true;
    }

    static bool INumberBase<Lanes<TNumbers>>.TryConvertToTruncating<TOther>(Lanes<TNumbers> value, out TOther result)
    {
        result = TOther.CreateTruncating(value.Alike());
        return true;
    }

    int IFloatingPoint<Lanes<TNumbers>>.GetExponentByteCount() => Plain.GetExponentByteCount();

    int IFloatingPoint<Lanes<TNumbers>>.GetExponentShortestBitLength() => Plain.GetExponentShortestBitLength();

    int IFloatingPoint<Lanes<TNumbers>>.GetSignificandByteCount() => Plain.GetSignificandByteCount();

    int IFloatingPoint<Lanes<TNumbers>>.GetSignificandBitLength() => Plain.GetSignificandBitLength();

    bool IFloatingPoint<Lanes<TNumbers>>.TryWriteExponentBigEndian(Span<byte> destination, out int bytesWritten) => Plain.TryWriteExponentBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Lanes<TNumbers>>.TryWriteExponentLittleEndian(Span<byte> destination, out int bytesWritten) =>
        Plain.TryWriteExponentLittleEndian(destination, out bytesWritten);

    bool IFloatingPoint<Lanes<TNumbers>>.TryWriteSignificandBigEndian(Span<byte> destination, out int bytesWritten) =>
        Plain.TryWriteSignificandBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Lanes<TNumbers>>.TryWriteSignificandLittleEndian(Span<byte> destination, out int bytesWritten) =>
        Plain.TryWriteSignificandLittleEndian(destination, out bytesWritten);

    private IFloatingPoint<double> Plain => Alike();
}

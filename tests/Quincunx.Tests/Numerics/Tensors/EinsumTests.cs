using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public sealed class EinsumTests
{
    [Theory]
    [InlineData("ij,jk=>ik", "position 6: expected a letter, \"...\", \",\" or \"->\", got '='")]
    [InlineData("ij,jk", "position 6: expected a letter, \"...\", \",\" or \"->\", got the end")]
    [InlineData("ij,jk-ik", "position 6: expected a letter, \"...\", \",\" or \"->\", got '-'")]
    [InlineData("ij,jk->ik,", "position 10: expected a letter, \"...\" or the end, got ','")]
    [InlineData("ij,jk->ikk", "position 10: expected a letter that the result does not have yet, got 'k'")]
    [InlineData("ij,jk->iz", "position 9: expected a letter of an operand, got 'z'")]
    [InlineData("..ij,jk->ik", "position 1: expected \"...\", got '.'")]
    [InlineData("...i...,jk->ik", "position 5: expected no second \"...\" in a term, got '.'")]
    [InlineData("i1,jk->ik", "position 2: expected a letter, \"...\", \",\" or \"->\", got '1'")]
    public void Einsum_OfABadFormula_SaysWhereAndWhatWasExpected(string formula, string message)
    {
        Tensor x = Tensor.Zeros(new Shape(2, 2));

        ArgumentException error = Assert.Throws<ArgumentException>(() => Tensor.Einsum(formula, x, x));

        Assert.Contains($"Einsum \"{formula}\", {message}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Einsum_OfTooFewOperands_SaysHowManyItExpected()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Tensor.Einsum("i,j->ij", Tensor.Zeros(new Shape(2))));

        Assert.Contains("expected 2 operands, got 1", error.Message, StringComparison.Ordinal);
    }
}

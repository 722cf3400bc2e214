using Recommender.Storage.Bson;

namespace Recommender.Storage.Tests.Mongo;

public sealed class Decimal128Tests
{
    // From the specification's corpus of decimal128 (github.com/mongodb/specifications, bson-corpus), the 16 bytes as they lie in a document.
    [Theory]
    [InlineData("00000000000000000000000000004030", "0")]
    [InlineData("00000000000000000000000000003E30", "0.0")]
    [InlineData("01000000000000000000000000004030", "1")]
    [InlineData("010000000000000000000000000040B0", "-1")]
    [InlineData("01000000000000000000000000003E30", "0.1")]
    [InlineData("64000000000000000000000000003C30", "1.00")]
    [InlineData("D2040000000000000000000000003430", "0.001234")]
    [InlineData("141A99BE1C0000000000000000004030", "123456789012")]
    public void The_numbers_of_the_specification_are_read(string bytes, string number) =>
        Assert.Equal(number, $"{Decimal128.Read(Convert.FromHexString(bytes))}");

    [Fact]
    public void A_number_of_34_digits_is_refused_and_not_rounded() =>
        Assert.Throws<InvalidBsonException>(() => Decimal128.Read(Convert.FromHexString("F2AF967ED05C82DE3297FF6FDE3CFC2F")));

    [Fact]
    public void Every_decimal_comes_back_with_its_sign_and_its_trailing_zeros()
    {
        var random = new Random(1);
        decimal[] special =
        [
            decimal.MaxValue, decimal.MinValue, 0m, -0m, 0.00m, new(0, 0, 0, true, 28), 1e-28m, -1e-28m, 1.0000000000000000000000000000m, 79228162514264337593543950335m,
            7.9228162514264337593543950335m, 1234567890123456789012345678m, 0.1234567890123456789012345678m,
        ];
        foreach (decimal amount in special.Concat(Enumerable.Range(0, 20_000).Select(_ => RandomDocument.Amount(random))))
        {
            byte[] bytes = new byte[Decimal128.Size];
            Decimal128.Write(bytes, amount);
            Assert.Equal(decimal.GetBits(amount), decimal.GetBits(Decimal128.Read(bytes)));
        }
    }

    [Theory]
    [InlineData(1, 3, "1000")]
    [InlineData(-12, 1, "-120")]
    [InlineData(7, 28, "70000000000000000000000000000")]
    [InlineData(0, 6111, "0")]
    [InlineData(0, -6176, "0.0000000000000000000000000000")]
    [InlineData(5000, -30, "0.0000000000000000000000000050")]
    public void An_exponent_that_a_decimal_does_not_have_is_worked_into_the_digits(long digits, int exponent, string number) =>
        Assert.Equal(number, $"{Decimal128.Read(Number(digits, exponent))}");

    [Theory]
    [InlineData(8, 28)]
    [InlineData(1, 6111)]
    [InlineData(1, -29)]
    [InlineData(1, -6176)]
    public void What_a_decimal_does_not_hold_is_refused_and_never_rounded(long digits, int exponent) =>
        Assert.Throws<InvalidBsonException>(() => Decimal128.Read(Number(digits, exponent)));

    [Theory]
    [InlineData("00000000000000000000000000000078")]
    [InlineData("000000000000000000000000000000F8")]
    [InlineData("0000000000000000000000000000007C")]
    [InlineData("0000000000000000000000000000106C")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFF4130")]
    public void Infinity_not_a_number_and_other_bit_patterns_are_refused(string bytes) =>
        Assert.Throws<InvalidBsonException>(() => Decimal128.Read(Convert.FromHexString(bytes)));

    private static byte[] Number(long digits, int exponent)
    {
        byte[] bytes = new byte[Decimal128.Size];
        BitConverter.TryWriteBytes(bytes, Math.Abs(digits));
        BitConverter.TryWriteBytes(bytes.AsSpan(8), ((ulong)(exponent + 6176) << 49) | (digits < 0 ? 1UL << 63 : 0));
        return bytes;
    }
}

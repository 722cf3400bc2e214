using Recommender.MlNet;
using Recommender.Models;

namespace Recommender.Tests.MlNet;

public sealed class CustomerColumnTests
{
    [Theory]
    [InlineData("CustomerNumber", "Sku", MatrixSide.Rows)]
    [InlineData("movieId", "userId", MatrixSide.Columns)]
    [InlineData("Key1", "visitor", MatrixSide.Columns)]
    [InlineData("Book", "b", MatrixSide.Columns)]
    [InlineData("MEMBER_NO", "x", MatrixSide.Rows)]
    public void Names_that_speak_of_customers_or_items_decide(string rows, string columns, MatrixSide customers)
    {
        Assert.Equal(customers, CustomerColumn.Choose(Named(rows, columns), name: null, out string? warning));
        Assert.Contains("--user-column", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ProductID", "CoPurchaseProductID")]
    [InlineData("Row", "Column")]
    public void Names_that_do_not_tell_are_refused_with_the_columns_there_are(string rows, string columns)
    {
        string message = Assert.Throws<InvalidModelException>(() => CustomerColumn.Choose(Named(rows, columns), name: null, out _)).Message;
        Assert.Contains($"'{rows}'", message, StringComparison.Ordinal);
        Assert.Contains($"'{columns}'", message, StringComparison.Ordinal);
        Assert.Contains("--user-column", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_column_is_believed_without_a_warning()
    {
        SavedFactorization saved = Named("userId", "movieId");
        Assert.Equal(MatrixSide.Columns, CustomerColumn.Choose(saved, "movieId", out string? warning));
        Assert.Null(warning);
        Assert.Equal(MatrixSide.Rows, CustomerColumn.Choose(saved, "userIdKey", out _));
    }

    [Fact]
    public void A_column_that_is_not_there_is_refused_with_those_that_are()
    {
        string message = Assert.Throws<InvalidModelException>(() => CustomerColumn.Choose(Named("userId", "movieId"), "user", out _)).Message;
        Assert.Contains("'user'", message, StringComparison.Ordinal);
        Assert.Contains("'userId'", message, StringComparison.Ordinal);
    }

    private static SavedFactorization Named(string rows, string columns) =>
        SavedFactorizations.Of(SavedFactorizations.Texts("1", "2"), SavedFactorizations.Texts("a"), row: rows, column: columns);
}

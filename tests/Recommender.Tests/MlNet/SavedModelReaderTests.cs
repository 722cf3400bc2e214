using Recommender.MlNet;

namespace Recommender.Tests.MlNet;

public sealed class SavedModelReaderTests
{
    public static TheoryData<string> Fixtures => [.. MlNetFixtures.Names];

    [Theory, MemberData(nameof(Fixtures))]
    public void An_imported_model_predicts_what_ml_net_predicted_to_the_bit(string name)
    {
        SavedFactorization saved = MlNetFixtures.Read(MlNetFixtures.Zip(name));
        var model = new MatrixFactorizationModel(saved, CustomerColumn.Choose(saved, name: null, out string? warning));
        Assert.NotNull(warning);
        var expected = MlNetFixtures.Expected(name);
        Assert.NotEmpty(expected);
        Assert.Contains(expected, row => float.IsNaN(row.Score));
        Assert.All(expected, row => Assert.Equal(Bits(row.Score), Bits(model.Predict(row.User, row.Item))));
    }

    [Theory, MemberData(nameof(Fixtures))]
    public void A_model_that_is_exported_again_predicts_the_same(string name)
    {
        SavedFactorization saved = MlNetFixtures.Read(MlNetFixtures.Zip(name));
        SavedFactorization again = MlNetFixtures.Read(MlNetFixtures.Write(saved));
        SavedFactorizations.AssertSame(saved, again);
    }

    [Fact]
    public void Numeric_keys_keep_their_type()
    {
        Assert.Equal("UInt32", MlNetFixtures.Read(MlNetFixtures.Zip("uint_keys_row_user")).Rows.Keys.Kind);
        Assert.Equal("Int64", MlNetFixtures.Read(MlNetFixtures.Zip("x_long_nested")).Columns.Keys.Kind);
        Assert.Equal("Text", MlNetFixtures.Read(MlNetFixtures.Zip("string_keys_col_user")).Columns.Keys.Kind);
    }

    [Fact]
    public void The_side_of_the_customers_is_found_by_the_names_of_the_data()
    {
        Assert.Equal(MatrixSide.Columns, Choose(MlNetFixtures.Read(MlNetFixtures.Zip("string_keys_col_user"))));
        Assert.Equal(MatrixSide.Rows, Choose(MlNetFixtures.Read(MlNetFixtures.Zip("uint_keys_row_user"))));

        static MatrixSide Choose(SavedFactorization saved) => CustomerColumn.Choose(saved, name: null, out _);
    }

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);
}

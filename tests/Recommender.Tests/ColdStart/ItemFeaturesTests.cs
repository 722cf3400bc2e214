using System.Collections.Immutable;
using Recommender.Catalogue;
using Recommender.ColdStart;

namespace Recommender.Tests.ColdStart;

public sealed class ItemFeaturesTests
{
    private static readonly NewItemOptions _options = new() { Bands = 2 };

    [Fact]
    public void Whole_values_words_and_numbers_are_features_and_what_only_one_item_has_is_none()
    {
        ItemFeatures features = ItemFeatures.Learn(
        [
            Book("a", ("title", Text("Pride and prejudice")), ("author", Text("Jane Austen")), ("isbn", Text("1")), ("year", Number(1800))),
            Book("b", ("title", Text("Pride, again")), ("author", Text("Jane Austen")), ("isbn", Text("2")), ("year", Number(1900))),
            Book("c", ("title", Text("Prejudice?")), ("author", Text("Somebody")), ("isbn", Text("3")), ("year", Number(2000))),
        ], _options);
        Assert.Equal(["author\t=Jane Austen", "title\t~prejudice", "title\t~pride", "year\t#1800", "year\t#1900", "year\t#2000"],
            Enumerable.Range(0, features.Count).Select(number => features.Names[number]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1750, "1800", 1.0)]
    [InlineData(1825, "1800", 0.75)]
    [InlineData(1825, "1900", 0.25)]
    [InlineData(1900, "1900", 1.0)]
    [InlineData(2050, "2000", 1.0)]
    public void A_number_has_a_part_of_the_steps_beside_it(double year, string step, double part)
    {
        ItemFeatures features = ItemFeatures.Learn([.. new[] { 1800, 1900, 2000 }.Select(known => Book($"{known}", ("year", Number(known))))], _options);
        var has = new List<(int Feature, float Value)>();
        features.Of(Book("new", ("year", Number(year))), has);
        Assert.True(features.Names.TryGetNumber($"year\t#{step}", out int number));
        Assert.Equal(part, has.Single(one => one.Feature == number).Value, 5);
        Assert.Equal(1, has.Sum(one => one.Value), 5);
    }

    [Fact]
    public void Ignored_attributes_and_those_of_unknown_values_say_nothing()
    {
        Item[] books = [Book("a", ("shelf", Text("left")), ("x", Text("1"))), Book("b", ("shelf", Text("left"))),
            Book("c", ("shelf", Text("right"))), Book("d", ("shelf", Text("right")))];
        Assert.Equal(0, ItemFeatures.Learn(books, _options with { Ignored = ["shelf"] }).Count);
        var has = new List<(int Feature, float Value)> { (1, 1) };
        ItemFeatures.Learn(books, _options).Of(Book("new", ("shelf", Text("cellar")), ("size", Number(3))), has);
        Assert.Empty(has);
    }

    private static Item Book(string id, params (string Name, AttributeValue Value)[] attributes) => new(id)
    {
        Attributes = attributes.ToImmutableSortedDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal),
    };

    private static AttributeValue.Text Text(string value) => new(value);

    private static AttributeValue.Number Number(double value) => new(value);
}

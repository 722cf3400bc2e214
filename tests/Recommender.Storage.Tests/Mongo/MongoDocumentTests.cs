using System.Collections.Immutable;
using Recommender.LifeCycle;
using Recommender.Ranking;
using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>What somebody sees who looks into the database.</summary>
public sealed class MongoDocumentTests
{
    [Theory]
    [InlineData("""{"purchases":3,"worth":12.5,"tags":["a","ü"],"none":null,"in":{"deep":true},"large":5000000000,"empty":{}}""", BsonType.Document)]
    [InlineData("{}", BsonType.Document)]
    [InlineData("""{"a": 1}""", BsonType.String)]
    [InlineData("""{"a":1.0}""", BsonType.String)]
    [InlineData("""{"a":1,"a":2}""", BsonType.String)]
    [InlineData("""{"$set":1}""", BsonType.String)]
    [InlineData("""{"a":"\u00fc"}""", BsonType.String)]
    [InlineData("""{"a\u0000":1}""", BsonType.String)]
    [InlineData("""{"a":"\ud83d"}""", BsonType.String)]
    [InlineData("""{"a":1""", BsonType.String)]
    [InlineData("[1]", BsonType.String)]
    [InlineData("", BsonType.String)]
    internal void JSON_is_a_subdocument_where_it_comes_back_letter_by_letter_and_a_string_elsewhere(string text, BsonType type)
    {
        using var writer = new BsonWriter();
        var fields = new BsonReader(writer.Json("value", text).Close().Span);
        Assert.True(fields.Find("value"u8));
        Assert.Equal((type, text), (fields.Type, fields.Json()));
    }

    [Theory]
    [InlineData("colour", "colour")]
    [InlineData("a.b", "a.b")]
    [InlineData("US$", "US$")]
    [InlineData("$ref", "%24ref")]
    [InlineData("a\0b", "a%00b")]
    [InlineData("100%", "100%25")]
    [InlineData("%00", "%2500")]
    [InlineData("%24", "%2524")]
    [InlineData("", "")]
    public void A_name_is_the_name_of_a_field_with_as_little_changed_as_can_be(string name, string field)
    {
        Assert.Equal(field, FieldName.Of(name));
        Assert.Equal(name, FieldName.Read(field));
    }

    [Fact]
    public async Task A_scenario_with_everything_comes_back_whole()
    {
        await using var engine = new FaultyEngine();
        await using var store = await engine.OpenAsync(TestContext.Current.CancellationToken);
        Scenario scenario = new("mail")
        {
            Strategy = Strategy.Similar,
            Filter = "item.price < 20.0",
            Channel = "mail",
            Stages = Enum.GetValues<LifeCycleStage>().ToImmutableSortedDictionary(stage => stage, _ => new StageBehaviour()),
        };
        await store.Scenarios.UpsertAsync(Tenant.Default, scenario, TestContext.Current.CancellationToken);
        var found = Assert.Single(await store.Scenarios.ListAsync(Tenant.Default, TestContext.Current.CancellationToken));
        Assert.Equal(scenario.Stages, found.Stages);
        Assert.Equal(scenario with { Stages = found.Stages, Guardrails = found.Guardrails }, found);
    }
}

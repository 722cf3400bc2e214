using System.Text.Json.Nodes;
using Recommender.Protocol.V1;

namespace Recommender.Tests.Json;

public sealed class OpenApiTests(JsonShop shop) : IClassFixture<JsonShop>
{
    [Fact]
    public async Task Every_reference_resolves_and_every_operation_says_what_it_takes_and_answers()
    {
        JsonNode document = await DocumentAsync();
        Assert.Equal("3.1.0", document["openapi"]!.GetValue<string>());
        string[] references = [.. References(document)];
        Assert.NotEmpty(references);
        foreach (string reference in references)
        {
            JsonNode? at = document;
            foreach (string step in reference.Split('/').Skip(1)) at = at?[step];
            Assert.True(at is not null, $"{reference} leads nowhere");
        }

        var operationIds = new HashSet<string>();
        foreach ((string path, JsonNode? verbs) in document["paths"]!.AsObject())
        {
            foreach ((string verb, JsonNode? operation) in verbs!.AsObject())
            {
                Assert.Contains(verb, new[] { "get", "put", "post", "delete", "patch" });
                Assert.True(operationIds.Add(operation!["operationId"]!.GetValue<string>()),
                    $"{verb} {path} has the id of another operation");
                Assert.NotNull(operation["responses"]!["200"]);
                Assert.NotNull(operation["responses"]!["default"]);
                string[] inPath = [.. Parameters(operation, "path")];
                string[] variables = [.. path.Split('{').Skip(1).Select(part => part.Split('}')[0])];
                Assert.Equal(variables, inPath);
                Assert.False(verb == "get" && operation["requestBody"] is not null, $"GET {path} has a body");
            }
        }
    }

    [Fact]
    public async Task Every_method_of_the_protocol_is_described()
    {
        JsonNode document = await DocumentAsync();
        string[] described = [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject())
            .Select(way => way.Value!["operationId"]!.GetValue<string>())];
        string[] methods =
        [
            .. new[] { CatalogService.Descriptor, EventService.Descriptor, ModelService.Descriptor, ScenarioService.Descriptor,
                RecommendationService.Descriptor }
                .SelectMany(service => service.Methods).Select(method => $"{method.Service.Name}_{method.Name}"),
        ];
        Assert.Equal(methods.Order(), described.Order());
    }

    [Fact]
    public async Task Schemas_say_what_JSON_really_looks_like()
    {
        JsonNode document = await DocumentAsync();
        JsonNode Field(string message, string field) =>
            document["components"]!["schemas"]![$"recommender.v1.{message}"]!["properties"]![field]!;
        AssertJson(
            """{"type":"object","additionalProperties":{"$ref":"#/components/schemas/recommender.v1.AttributeValue"}}""",
            Field("Item", "attributes"));
        AssertJson(
            """{"type":"string","format":"date-time","description":"At most one of text, number, flag, time, texts."}""",
            Field("AttributeValue", "time"));
        AssertJson("""{"type":"string"}""", Field("RecommendRequest", "property_mask"));
        AssertJson("""{"type":["string","integer"],"format":"int64"}""", Field("ListItemsResponse", "total_size"));
        AssertJson("""{"$ref":"#/components/schemas/recommender.v1.Strategy"}""", Field("Scenario", "strategy"));
        AssertJson("""{"type":"integer","format":"int32"}""", Field("RecommendRequest", "count"));
        Assert.Contains("STRATEGY_SIMILAR",
            document["components"]!["schemas"]!["recommender.v1.Strategy"]!["enum"]!.AsArray().Select(value => value!.GetValue<string>()));
        Assert.Equal(["page_size", "page_token"], Parameters(document["paths"]!["/v1/items"]!["get"]!, "query"));
    }

    [Fact]
    public async Task The_page_for_people_shows_every_path_and_loads_nothing_from_elsewhere()
    {
        JsonShop.Answer page = await shop.SendAsync("GET", "/docs");
        Assert.Equal((200, "text/html; charset=utf-8"), (page.Status, page.ContentType));
        foreach ((string path, _) in (await DocumentAsync())["paths"]!.AsObject()) Assert.Contains(
            $"<code>{path}</code>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("://", page.Text, StringComparison.Ordinal);
    }

    private async Task<JsonNode> DocumentAsync()
    {
        JsonShop.Answer answer = await shop.SendAsync("GET", "/openapi.json");
        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType));
        return answer.Json;
    }

    private static IEnumerable<string> Parameters(JsonNode operation, string place) =>
        (operation["parameters"]?.AsArray() ?? []).Where(parameter => parameter!["in"]!.GetValue<string>() == place)
            .Select(parameter => parameter!["name"]!.GetValue<string>());

    private static void AssertJson(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject container =>
            container.SelectMany(entry => entry is { Key: "$ref", Value: JsonValue value } ? [value.GetValue<string>()] : References(
                entry.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}

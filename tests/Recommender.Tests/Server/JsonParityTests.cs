using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Recommender.Protocol.V1;

namespace Recommender.Tests.Server;

public sealed class JsonParityTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    [Fact]
    public async Task The_same_question_gets_the_same_answer_as_json()
    {
        var grpc = await shop.RecommendAsync(new() { CustomerId = "crime-reader-12", Count = 4 });
        var json = await PostAsync("/v1/recommend", new { customerId = "crime-reader-12", count = 4 });

        Assert.Equal(grpc.Items.Select(item => item.ItemId), json["items"]!.AsArray().Select(item => item!["item_id"]!.GetValue<string>()));
        Assert.Equal(grpc.Items[0].Reasons[0].Text, json["items"]![0]!["reasons"]![0]!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_event_recorded_as_json_counts_for_grpc()
    {
        await PostAsync("/v1/events", new { events = new[] { new { eventId = "json-1", type = "purchase", customerId = "json-fan", itemId = PlantedShop.Crime(6) } } });
        Assert.Equal(ServedBy.Personalised, (await shop.RecommendAsync(new() { CustomerId = "json-fan" })).ServedBy);
    }

    [Fact]
    public async Task Errors_carry_their_fields_and_the_fitting_status()
    {
        using var refused = await shop.Http.PostAsJsonAsync("/v1/recommend", new { customerId = "x", count = 0 });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("count", JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["details"]![0]!["field_violations"]![0]!["field"]!.GetValue<string>());

        using var missing = await shop.Http.GetAsync("/v1/items/not-there");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    private async Task<JsonNode> PostAsync(string path, object body)
    {
        using var answer = await shop.Http.PostAsJsonAsync(path, body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}

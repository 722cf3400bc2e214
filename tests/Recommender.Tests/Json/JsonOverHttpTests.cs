using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Grpc.Net.Client;
using Recommender.Protocol.V1;

namespace Recommender.Tests.Json;

public sealed class JsonOverHttpTests(JsonShop shop) : IClassFixture<JsonShop>
{
    [Fact]
    public async Task What_is_written_as_JSON_is_read_back_as_JSON()
    {
        string items = """
            {"items": [{"item_id": "a", "available": true, "attributes": {
              "title": {"text": "Преступление и наказание 🐱"}, "price": {"number": 12.5}, "signed": {"flag": true},
              "released": {"time": "1866-01-01T00:00:00Z"}, "tags": {"texts": {"values": ["crime"]}}}}]}
            """;
        JsonShop.Answer written = await shop.SendAsync("POST", "/v1/items:upsert", items);
        Assert.Equal((200, "application/json", "{ \"written\": 1 }\n"), (written.Status, written.ContentType, written.Text));

        JsonShop.Answer read = await shop.SendAsync("GET", "/v1/items/a");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(items)!["items"]![0], read.Json), read.Text);
    }

    [Theory]
    [InlineData("/v1/items:upsert")]
    [InlineData("/recommender.v1.CatalogService/UpsertItems")]
    public async Task Every_method_has_its_annotated_path_and_that_of_its_name(string path)
    {
        // Names in lowerCamelCase are understood as well.
        JsonShop.Answer answer = await shop.SendAsync("POST", path, """{"items":[{"itemId":"by-path"}]}""");
        Assert.Equal("{ \"written\": 1 }\n", answer.Text);
        Assert.True(shop.Items.Items.ContainsKey("by-path"));
    }

    [Fact]
    public async Task gRPC_and_JSON_share_a_path_and_the_content_type_tells_them_apart()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(shop.GrpcAddress);
        var client = new CatalogService.CatalogServiceClient(channel);
        await client.UpsertItemsAsync(
            new UpsertItemsRequest { Items = { new Item { ItemId = "by-grpc" } } },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(shop.Items.Items.ContainsKey("by-grpc"));
        Assert.Equal("by-grpc", (await shop.SendAsync("GET", "/v1/items/by-grpc")).Json["item_id"]!.GetValue<string>());
        JsonShop.Answer byName = await shop.SendAsync("POST", "/recommender.v1.CatalogService/GetItem", """{"item_id":"by-grpc"}""");
        Assert.Equal("by-grpc", byName.Json["item_id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("a/b c")]
    [InlineData("100%")]
    [InlineData("a%2Fb")]
    [InlineData("q?x=1&y#z+ü🐱")]
    [InlineData("x:undo")]
    public async Task Any_id_can_stand_in_a_path(string id)
    {
        await shop.SendAsync("POST", "/v1/items:upsert",
            new JsonObject { ["items"] = new JsonArray(new JsonObject { ["item_id"] = id }) }.ToJsonString());
        Assert.Equal(id, (await shop.SendAsync("GET", "/v1/items/" + Uri.EscapeDataString(id))).Json["item_id"]!.GetValue<string>());

        await shop.SendAsync("POST", $"/v1/events/{Uri.EscapeDataString(id)}:undo", "{}");
        Assert.Contains(id, shop.Log.Seen);
    }

    [Fact]
    public async Task The_path_has_the_last_word_over_the_body()
    {
        await shop.SendAsync("POST", "/v1/events/from-path:undo", """{"event_id":"from-body"}""");
        Assert.Contains("from-path", shop.Log.Seen);
        Assert.DoesNotContain("from-body", shop.Log.Seen);
    }

    [Theory]
    [InlineData("", "-1||")]
    [InlineData("?page_size=20&page_token=a%20b", "20|a b|")]
    [InlineData("?pageSize=7", "7||")]
    public async Task A_GET_takes_its_fields_from_the_query(string query, string seen) =>
        Assert.Equal(seen, (await shop.SendAsync("GET", "/v1/items" + query)).Json["next_page_token"]!.GetValue<string>());

    [Theory]
    [InlineData("?page_sise=20", "page_sise: there is no such query parameter; did you mean page_size?")]
    [InlineData("?page_size=many", "page_size: must be a whole number of 32 bits, not \"many\"")]
    [InlineData("?page_size=1&page_size=2", "page_size: came 2 times in the query; it has one value")]
    public async Task A_wrong_query_is_refused_by_name(string query, string message)
    {
        JsonShop.Answer answer = await shop.SendAsync("GET", "/v1/items" + query);
        Assert.Equal((400, 3, message), (answer.Status, answer.Json["code"]!.GetValue<int>(), answer.Message));
    }

    [Fact]
    public async Task A_body_can_be_one_field_of_the_request()
    {
        JsonShop.Answer answer = await shop.SendAsync("PUT", "/v1/scenarios", """{"scenario_id":"home","strategy":"STRATEGY_SIMILAR"}""");
        Assert.Equal("STRATEGY_SIMILAR", answer.Json["strategy"]!.GetValue<string>());
    }

    [Fact]
    public async Task Oneofs_optionals_and_field_masks_arrive()
    {
        const string Request = """{"customer_id":"314","count":5,"property_mask":"title,price"}""";
        JsonShop.Answer answer = await shop.SendAsync("POST", "/v1/recommend", Request);
        Assert.Equal("""314:5:"title,price" """.TrimEnd(), answer.Json["recommendation_id"]!.GetValue<string>());
        Assert.Equal("SERVED_BY_POPULAR", answer.Json["served_by"]!.GetValue<string>());
        Assert.Empty(answer.Json["items"]!.AsArray()); // there, though empty
    }

    [Theory]
    [InlineData("{",
        "body: line 1, column 2: this is not JSON: Expected depth to be zero at the end of the JSON payload.")]
    [InlineData("{\n \"items\": [\n  {\"item_id\": \"a\",}\n]}", "items[0].item_id: line 3, column 19: this is not JSON")]
    [InlineData("{\"items\":[{\"item_id\":\"a\"},\n{\"itm_id\":\"b\"}]}",
        "items[1].itm_id: line 2, column 2: there is no such field; did you mean item_id?")]
    [InlineData("{\"items\":[{\"item_id\":7}]}", "items[0].item_id: line 1, column 22: must be a string, not 7")]
    [InlineData("{\"items\":[{\"item_id\":\"é\",\"available\":\"yes\"}]}",
        "items[0].available: line 1, column 38: must be true or false, not \"yes\"")]
    [InlineData("{\"items\":{\"item_id\":\"a\"}}",
        "items: line 1, column 10: must be an array of which each is an object (Item), not {\"item_id\":\"a\"}")]
    [InlineData("{\"items\":[null]}", "items[0]: line 1, column 11: must be an object (Item), not null")]
    [InlineData("{\"items\":[{\"attributes\":{\"released\":{\"time\":\"yesterday\"}}}]}",
        "items[0].attributes[\"released\"].time: line 1, column 45: must be a moment such as \"2026-11-22T04:15:00Z\", not \"yesterday\"")]
    [InlineData("{\"items\":[{\"attributes\":{\"tags\":{\"texts\":{\"values\":[\"a\",1]}}}}]}",
        "items[0].attributes[\"tags\"].texts.values[1]: line 1, column 57: must be a string, not 1")]
    [InlineData("[]", "body: line 1, column 1: a UpsertItemsRequest must be an object in braces")]
    [InlineData("{} {}", "body: line 1, column 4: this is not JSON")]
    [InlineData("{\"items\":[{\"attributes\":{\"x\":{\"text\":\"a\",\"number\":1}}}]}",
        "body: line 1, column 1: Multiple values specified for oneof kind")]
    [InlineData("\"\\ud800\"", "body: line 1")]
    public async Task Wrong_JSON_is_refused_with_its_place_and_field(string body, string message)
    {
        JsonShop.Answer answer = await shop.SendAsync("POST", "/v1/items:upsert", body);
        Assert.Equal(400, answer.Status);
        Assert.StartsWith(message, answer.Message, StringComparison.Ordinal);
        JsonNode violation = answer.Json["details"]![0]!["field_violations"]![0]!;
        Assert.Equal(message.Split(": ")[0], violation["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_is_refused()
    {
        using var content = new ByteArrayContent([.. "{\"items\":[{\"item_id\":\""u8, 0xE9, .. "\"}]}"u8]);
        content.Headers.ContentType = new("application/json");
        using HttpResponseMessage response = await shop.Http.PostAsync(
            new Uri("/v1/items:upsert", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("not UTF-8: byte 23 is 0xE9", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deeply_nested_JSON_is_refused()
    {
        JsonShop.Answer answer = await shop.SendAsync("POST", "/v1/items:upsert", string.Concat(Enumerable.Repeat("{\"items\":[", 5000)));
        Assert.Equal(400, answer.Status);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/x-ndjson")]
    [InlineData(null)]
    public async Task Another_content_type_is_refused_with_the_right_one(string? contentType)
    {
        JsonShop.Answer answer = await shop.SendAsync("POST", "/v1/items:upsert", "{}", contentType);
        Assert.Equal(415, answer.Status);
        Assert.StartsWith("send Content-Type: application/json, in UTF-8; this is", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Charset_utf_8_is_understood_and_a_compressed_body_refused()
    {
        Assert.Equal(200, (await shop.SendAsync("POST", "/v1/items:upsert", "{}", "application/json; charset=\"UTF-8\"")).Status);
        using var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentType = new("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using HttpResponseMessage response = await shop.Http.PostAsync(
            new Uri("/v1/items:upsert", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Another_verb_is_refused_with_those_allowed()
    {
        JsonShop.Answer answer = await shop.SendAsync("DELETE", "/v1/items/a");
        Assert.Equal((405, "GET"), (answer.Status, answer.Allow));
        Assert.Equal("/v1/items/a is asked by GET, not by DELETE", answer.Message);
    }

    [Fact]
    public async Task An_unknown_path_names_the_nearest()
    {
        JsonShop.Answer answer = await shop.SendAsync("POST", "/v1/recomend", "{}");
        Assert.Equal((404, "there is no /v1/recomend; did you mean /v1/recommend?"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task An_error_of_a_handler_keeps_its_code_message_and_details()
    {
        JsonShop.Answer missing = await shop.SendAsync("GET", "/v1/items/nobody");
        Assert.Equal((404, 5, "There is no item 'nobody'."), (missing.Status, missing.Json["code"]!.GetValue<int>(), missing.Message));
        JsonNode detail = missing.Json["details"]![0]!;
        Assert.Equal(("type.googleapis.com/google.rpc.ResourceInfo", "nobody"),
            (detail["@type"]!.GetValue<string>(), detail["resource_name"]!.GetValue<string>()));
        Assert.Equal(409, (await shop.SendAsync("GET", "/v1/items/conflict")).Status);
    }

    [Fact]
    public async Task What_a_handler_throws_goes_through_the_one_funnel()
    {
        JsonShop.Answer answer = await shop.SendAsync("GET", "/v1/items/throws");
        Assert.Equal((500, "funnelled InvalidDataException"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task A_method_that_is_not_there_yet_is_501() => Assert.Equal(501, (await shop.SendAsync("GET", "/v1/scenarios")).Status);

    [Fact]
    public async Task A_body_beyond_the_limit_is_413()
    {
        JsonShop.Answer answer = await shop.SendAsync("POST", "/v1/items:upsert", "{\"items\":[]" + new string(' ', 64 << 10) + "}");
        Assert.Equal((413, 8), (answer.Status, answer.Json["code"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_stream_of_answers_is_a_line_each()
    {
        JsonShop.Answer answer = await shop.SendAsync("POST", "/v1/models:train", "{}");
        Assert.Equal((200, "application/x-ndjson"), (answer.Status, answer.ContentType));
        Assert.Equal(["reading events", "saving"], answer.Lines.Select(line => JsonNode.Parse(line)!["stage"]!.GetValue<string>()));
        JsonShop.Answer nothing = await shop.SendAsync("POST", "/v1/models:train", """{"recipe_json":"nothing"}""");
        Assert.Equal((200, "application/x-ndjson", ""), (nothing.Status, nothing.ContentType, nothing.Text));
    }

    [Fact]
    public async Task A_stream_that_fails_says_so_in_its_status_or_in_its_last_line()
    {
        Assert.Equal(400, (await shop.SendAsync("POST", "/v1/models:train", """{"recipe_json":"wrong"}""")).Status);

        JsonShop.Answer later = await shop.SendAsync("POST", "/v1/models:train", """{"recipe_json":"breaks"}""");
        Assert.Equal((200, 3), (later.Status, later.Lines.Length));
        JsonNode error = JsonNode.Parse(later.Lines[2])!["error"]!;
        Assert.Equal((9, "the disk is full"), (error["code"]!.GetValue<int>(), error["message"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_stream_of_requests_is_a_line_each_however_long_it_is()
    {
        // 3 MB in lines of 3 kB under a limit of 64 kB a message.
        var body = new StringBuilder("\n");
        string itemId = new('x', 3000);
        for (int i = 0; i < 1000; i++)
        {
            body.Append($$"""{"import_id":"i","events":[{"event_id":"s{{i}}","item_id":"{{itemId}}"}]}""");
            body.Append(i % 2 == 0 ? "\n" : "\r\n\n");
        }
        body.Length--; // the last line need not end
        JsonShop.Answer answer = await shop.SendAsync("POST", "/v1/events:import", body.ToString(), "application/x-ndjson");
        Assert.Equal(("1000", 1000), (answer.Json["state"]!["events"]!.GetValue<string>(), answer.Json["statuses"]!.AsArray().Count));
        Assert.Contains("s999", shop.Log.Seen);
    }

    [Fact]
    public async Task A_wrong_line_is_named_by_its_number_in_the_stream()
    {
        JsonShop.Answer answer = await shop.SendAsync(
            "POST", "/v1/events:import", "{\"import_id\":\"i\"}\n\n{\"events\":[{\"event_id\":\"x\",\"prise\":1}]}\n",
            "application/x-ndjson");
        Assert.Equal((400, "events[0].prise: line 3, column 28: there is no such field; did you mean price?"),
            (answer.Status, answer.Message));

        JsonShop.Answer tooLong = await shop.SendAsync(
            "POST", "/v1/events:import", "{\"import_id\":\"" + new string('x', 70_000) + "\"}\n", "application/x-ndjson");
        Assert.Equal(413, tooLong.Status);
    }

    [Fact]
    public async Task Answers_of_a_stream_arrive_while_it_runs_and_the_handler_is_cancelled_when_the_client_goes_away()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(shop.Http.BaseAddress!.Host, shop.Http.BaseAddress.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();
        const string Body = """{"recipe_json":"waits"}""";
        string head = "POST /v1/models:train HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Body.Length}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + Body), TestContext.Current.CancellationToken);
        var received = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!received.ToString().Contains("saving", StringComparison.Ordinal))
            received.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)));
        Assert.False(shop.Training.Cancelled.Task.IsCompleted);
        client.Close();
        await shop.Training.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_deadline_is_kept_and_a_wrong_one_refused()
    {
        JsonShop.Answer late = await shop.SendAsync("POST", "/v1/models:rollBack", headers: ("grpc-timeout", "50m"));
        Assert.Equal((504, 4), (late.Status, late.Json["code"]!.GetValue<int>()));
        JsonShop.Answer wrong = await shop.SendAsync("POST", "/v1/models:rollBack", headers: ("grpc-timeout", "soon"));
        Assert.Equal(400, wrong.Status);
        Assert.StartsWith("grpc-timeout: the header must be", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_reach_the_handler_as_metadata()
    {
        JsonShop.Answer answer = await shop.SendAsync("GET", "/v1/items", headers: [("X-Shop", "books"), ("odd-bin", "!!!")]);
        Assert.Equal("-1||books", answer.Json["next_page_token"]!.GetValue<string>());
    }

    [Fact]
    public async Task Garbage_is_refused_and_never_an_error_of_the_server()
    {
        string[] pieces = ["{", "}", "[", "]", ",", ":", "\"items\"", "\"item_id\"", "\"a\"", "\"attributes\"", "\"price\"", "\"number\"",
            "\"NaN\"", "1", "-", "1e999", "null", "true", "\\", "\"", "\n", "\0", "é", "\"time\"", "\"texts\"", "\"\\u0000\""];
        var random = new Random(5);
        for (int round = 0; round < 1500; round++)
        {
            string body = string.Concat(Enumerable.Range(0, random.Next(1, 16)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (round % 2 == 0) body = "{\"items\":[{" + body + "}]}";
            JsonShop.Answer answer = await shop.SendAsync("POST", "/v1/items:upsert", body);
            Assert.True(answer.Status is 200 or 400, $"{answer.Status} for {body}: {answer.Text}");
        }
    }
}

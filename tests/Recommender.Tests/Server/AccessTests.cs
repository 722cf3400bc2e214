using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Grpc.Core;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Recommender.Server.Security;
using static Recommender.Tests.Server.PlantedShop;
using Person = Recommender.Interactions.Person;

namespace Recommender.Tests.Server;

public sealed class AccessTests : IAsyncLifetime
{
    private readonly PlantedShop _shop = new();
    private string _server = "";
    private string _browser = "";

    public async ValueTask InitializeAsync()
    {
        await _shop.InitializeAsync();
        await _shop.StopAsync();
        (_server, _browser) = (await _shop.KeyAsync(Role.Server), await _shop.KeyAsync(Role.Browser));
        await _shop.StartAsync();
    }

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Without_a_key_nothing_is_answered_once_the_shop_has_keys()
    {
        Assert.Equal(StatusCode.Unauthenticated, await StatusOfAsync(null, new RecommendRequest { VisitorId = "v" }));
        Assert.Equal(StatusCode.Unauthenticated, await StatusOfAsync("guessed", new RecommendRequest { VisitorId = "v" }));
        using var json = await _shop.Http.PostAsync("/v1/recommend", new StringContent("{}", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Unauthorized, json.StatusCode);
    }

    [Fact]
    public async Task A_servers_key_may_do_everything_over_either_form()
    {
        Assert.Equal(StatusCode.OK, await StatusOfAsync(_server, new RecommendRequest { CustomerId = "crime-reader-1" }));
        await _shop.Identity.LinkAsync(new() { FromVisitorId = "v", CustomerId = "c" }, Key(_server));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/customers") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", _server) } };
        using var answer = await _shop.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_browsers_key_acts_for_visitors_and_links_nobody()
    {
        Assert.Equal(StatusCode.OK, await StatusOfAsync(_browser, new RecommendRequest { VisitorId = "v" }));
        Assert.Equal(StatusCode.PermissionDenied, await StatusOfAsync(_browser, new RecommendRequest { CustomerId = "crime-reader-1" }));
        await _shop.Events.RecordEventsAsync(new() { Events = { new Event { EventId = "seen", Type = "view", VisitorId = "v", ItemId = Crime(1) } } }, Key(_browser));
        foreach (var call in (Func<Task>[])
        [
            () => _shop.Identity.LinkAsync(new() { FromVisitorId = "v", CustomerId = "c" }, Key(_browser)).ResponseAsync,
            () => _shop.Customers.GetCustomerAsync(new() { CustomerId = "crime-reader-1" }, Key(_browser)).ResponseAsync,
            () => _shop.Events.RecordEventsAsync(new() { Events = { Purchase("p", "crime-reader-1", Crime(1)) } }, Key(_browser)).ResponseAsync,
            () => _shop.Models.ListModelsAsync(new(), Key(_browser)).ResponseAsync,
        ])
        {
            Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }
    }

    [Fact]
    public async Task Another_machine_may_do_in_a_shop_without_keys_what_a_page_in_a_browser_may()
    {
        var open = new AccessGate(AccessKeys.None);
        open.Require(Role.Stranger, $"/{RecommendationService.Descriptor.FullName}/Recommend");
        AccessGate.RequireVisitor(Role.Stranger, Person.Visitor("v"));
        foreach (var call in (Action[])
        [
            () => AccessGate.RequireVisitor(Role.Stranger, Person.Customer("c")),
            () => open.Require(Role.Stranger, $"/{RecommendationService.Descriptor.FullName}/WhyNot"),
            () => open.Require(Role.Stranger, $"/{QuestionnaireService.Descriptor.FullName}/RecordAnswers"),
            () => open.Require(Role.Stranger, $"/{QuestionnaireService.Descriptor.FullName}/GetResults"),
            () => open.Require(Role.Stranger, $"/{CustomerService.Descriptor.FullName}/GetCustomer"),
            () => open.Require(Role.Stranger, $"/{ModelService.Descriptor.FullName}/Train"),
        ])
        {
            Assert.Equal(StatusCode.PermissionDenied, Assert.Throws<RefusedException>(call).Code);
        }
        // This machine is trusted all the same.
        await using var unguarded = new PlantedShop();
        await unguarded.InitializeAsync();
        Assert.NotEmpty((await unguarded.RecommendAsync(new RecommendRequest { CustomerId = "crime-reader-1" })).Items);
    }

    [Fact]
    public async Task A_file_of_keys_that_cannot_be_read_keeps_the_shop_closed_and_leaves_its_folder_free()
    {
        string folder = Directory.CreateTempSubdirectory("keys-").FullName;
        string file = Path.Combine(folder, "keys.json");
        await File.WriteAllTextAsync(file, "{");
        var options = new Recommender.Server.ShopOptions { Store = Recommender.Storage.ShopLocation.Parse(folder) };

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => Open());
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);

        File.Delete(file);
        await (await Open()).DisposeAsync();
        Directory.Delete(folder, recursive: true);

        Task<Recommender.Server.Shop> Open() => Recommender.Server.Shop.OpenAsync(
            options, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, CancellationToken.None);
    }

    [Fact]
    public void The_file_of_keys_gives_nobody_a_key()
    {
        string file = File.ReadAllText(Path.Combine(_shop.Folder, "keys.json"));

        Assert.DoesNotContain(_server, file, StringComparison.Ordinal);
        Assert.DoesNotContain(_browser, file, StringComparison.Ordinal);
    }

    private async Task<StatusCode> StatusOfAsync(string? key, RecommendRequest request)
    {
        try
        {
            await _shop.Recommendations.RecommendAsync(request, key is null ? [] : Key(key));
            return StatusCode.OK;
        }
        catch (RpcException refused)
        {
            return refused.StatusCode;
        }
    }

    private static Metadata Key(string key) => new() { { "authorization", $"Bearer {key}" } };
}

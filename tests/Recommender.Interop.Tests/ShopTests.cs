using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Interop.Tests.Harness;
using Recommender.Server;

namespace Recommender.Interop.Tests;

/// <summary>The product itself, called as a shop that has never seen our code would call it.</summary>
public sealed class ShopTests
{
    [Fact]
    public async Task A_shop_in_Python_learns_the_protocol_from_the_server_fills_trains_and_asks()
    {
        string folder = Directory.CreateTempSubdirectory("python-shop-").FullName;
        await using (var shop = await Shop.OpenAsync(new ShopOptions { Store = Recommender.Storage.ShopLocation.Parse(folder) }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None))
        await using (var server = ServerHost.Build(shop, new ServerOptions { GrpcPort = 0, HttpPort = 0 }, TimeProvider.System, _ => { }))
        {
            await server.StartAsync();
            var address = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            await using var python = await ForeignLanguage.Python.StartAsync(
                "shop", $"{address.Port}", TestFiles.DescriptorsPath, Path.Combine(folder, "learned.binpb"));
            var said = JsonNode.Parse(await python.ReadLineAsync(CancellationToken.None) ?? throw new InvalidOperationException(python.Errors))!;

            Assert.Equal(said["statuses"]!.GetValue<int>(), said["recorded"]!.GetValue<int>());
            Assert.True(said["trained"]!.GetValue<bool>());
            Assert.All(said["items"]!.AsArray(), item => Assert.StartsWith("garden-", item!.GetValue<string>()));
            Assert.All(said["titles"]!.AsArray(), title => Assert.StartsWith("garden book", title!.GetValue<string>()));
            Assert.All(said["reasons"]!.AsArray(), reason => Assert.StartsWith("because you are looking at garden book", reason!.GetValue<string>()));
            Assert.Equal(said["items"]!.ToJsonString(), said["explained"]!.ToJsonString());
            Assert.Equal("INVALID_ARGUMENT: count is 0, it must be 1 to 10000", said["refused"]!.GetValue<string>());
            await server.StopAsync();
        }
        Directory.Delete(folder, recursive: true);
    }
}

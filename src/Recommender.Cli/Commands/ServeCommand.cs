using System.CommandLine;
using System.Net;
using System.Runtime;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Recommender.Cli.Terminal;
using Recommender.Server;

namespace Recommender.Cli.Commands;

internal static class ServeCommand
{
    public static Command Create()
    {
        var store = SharedOptions.Store();
        var address = new Option<string>("--address") { Description = "What to listen on; 0.0.0.0 lets other machines in.", HelpName = "IP", DefaultValueFactory = _ => "127.0.0.1" };
        var port = SharedOptions.Port("--port", "gRPC (HTTP/2). 0 picks a free one.", 5080);
        var httpPort = SharedOptions.Port("--http-port", "JSON (HTTP/1.1). 0 picks a free one.", 5081);
        var certificate = new Option<FileInfo?>("--tls-cert") { Description = "Certificate chain (PEM): both ports then speak TLS.", HelpName = "FILE" };
        var key = new Option<FileInfo?>("--tls-key") { Description = "The certificate's key (PEM).", HelpName = "FILE" };
        address.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && !IPAddress.TryParse(given.Value, out _)) result.AddError($"--address must be an IP address, it is \"{given.Value}\"");
        });
        var command = new Command("serve", """
            Serves a shop over gRPC and JSON until Ctrl-C or SIGTERM.

            Examples:
              recommender serve --store X
              recommender serve --store X --address 0.0.0.0 --tls-cert chain.pem --tls-key key.pem
            """)
        { store, address, port, httpPort, certificate, key };
        command.Validators.Add(result =>
        {
            if (result.GetValue(certificate) is null != result.GetValue(key) is null) result.AddError("--tls-cert and --tls-key go together");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new ServerOptions
            {
                Address = IPAddress.Parse(parsed.GetValue(address)!),
                GrpcPort = parsed.GetValue(port),
                HttpPort = parsed.GetValue(httpPort),
                CertificateFile = parsed.GetValue(certificate)?.FullName,
                KeyFile = parsed.GetValue(key)?.FullName,
            };
            using var loggers = LoggerFactory.Create(Logging);
            var shopOptions = new ShopOptions { Store = parsed.StoreOf(store) };
            await using var shop = await Shop.OpenAsync(shopOptions, TimeProvider.System, loggers, cancellation);
            await RunAsync(shop, options, new Screen(), TimeProvider.System, _ => Task.CompletedTask, cancellation);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Serves until somebody stops it. <paramref name="meanwhile"/> is given the addresses once they answer.</summary>
    internal static async Task RunAsync(Shop shop, ServerOptions options, Screen screen, TimeProvider time, Func<ServerAddresses, Task> meanwhile, CancellationToken cancellation)
    {
        // What trainings and swaps leave behind is collected beside requests, not while they wait.
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        await using var app = ServerHost.Build(shop, options, time, Logging);
        await app.StartAsync(cancellation);
        var addresses = ServerAddresses.Of(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses);
        screen.Note($"gRPC on {addresses.Grpc}, JSON on {addresses.Http}{(shop.Models.LiveId is { } id ? $", model {id}" : ", no model yet: train one")}; the shop is in {shop.Location} ({shop.Location.Engine}). Ctrl-C stops.");
        await meanwhile(addresses);
        await app.WaitForShutdownAsync(cancellation);
        screen.Note("stopped");
    }

    private static void Logging(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => { console.SingleLine = true; console.TimestampFormat = "HH:mm:ss "; })
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("Recommender", LogLevel.Information);
}

/// <summary>Where a server answers: gRPC on the first port it listens on, JSON on the second.</summary>
internal sealed record ServerAddresses(string Grpc, string Http)
{
    public static ServerAddresses Of(ICollection<string> addresses) => new(addresses.First(), addresses.Last());
}

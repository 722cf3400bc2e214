using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Recommender.Grpc;
using Recommender.Protocol.V1;
using Recommender.Server.Catalogue;
using Recommender.Server.Contacts;
using Recommender.Server.Errors;
using Recommender.Server.Ingest;
using Recommender.Server.Json;
using Recommender.Server.Profiles;
using Recommender.Server.Questionnaires;
using Recommender.Server.Relationships;
using Recommender.Server.Scenarios;
using Recommender.Server.Security;
using Recommender.Server.Serving;
using Recommender.Server.Training;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Recommender.Server;

/// <summary>Puts a shop on the network: the same services as gRPC on one port and as JSON on another.</summary>
public static class ServerHost
{
    /// <summary>A server that listens once it is started. The shop stays the caller's: close it after the server has stopped.</summary>
    public static WebApplication Build(Shop shop, ServerOptions options, TimeProvider time, Action<ILoggingBuilder> logging)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        // No file of settings is read, so none is watched for: in a folder where others write, that is work for every one of their writes.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Logging.ClearProviders();
        // It says nothing above Information, and where it may speak at all it makes an activity for every call.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging(builder.Logging);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddSingleton(shop).AddSingleton(time).AddSingleton(shop.Recipe.Confidence)
            .AddSingleton<ErrorFunnel>().AddSingleton(new AccessGate(shop.Keys)).AddSingleton<EventMapping>().AddSingleton<EventImports>();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = options.LargestRequest;
            grpc.MaxSendMessageSize = null;
            grpc.Interceptors.Add<ErrorFunnel>();
            grpc.Interceptors.Add<AccessGate>();
        });
        builder.Services.AddHealthAndReflection();
        foreach (var service in _services) service.Register(builder.Services);

        var app = builder.Build();
        foreach (var service in _services) service.MapGrpc(app);
        app.MapHealthAndReflection([.. _services.Select(service => service.Descriptor)]);
        var gate = app.Services.GetRequiredService<AccessGate>();
        shop.Reach.Changed = lost => Tell(app.Services.GetRequiredService<HealthStatuses>(), lost);
        Tell(app.Services.GetRequiredService<HealthStatuses>(), shop.Reach.IsLost);
        app.MapJson([.. _services.Select(service => service.AsJson(app.Services))], new JsonOptions
        {
            MaxMessageBytes = options.LargestRequest,
            Admit = call =>
            {
                // Not disposed: it ends with the call, in whose context this is run.
                CallDeadline.Use(call);
                gate.Admit(call);
            },
            ToRpcException = app.Services.GetRequiredService<ErrorFunnel>().ToStatus,
        }, time);
        return app;
    }

    private static readonly IReadOnlyList<ServedService> _services =
    [
        ServedService.Of<CatalogEndpoint>(CatalogService.Descriptor, CatalogService.BindService),
        ServedService.Of<EventEndpoint>(EventService.Descriptor, EventService.BindService),
        ServedService.Of<RecommendationEndpoint>(RecommendationService.Descriptor, RecommendationService.BindService),
        ServedService.Of<ScenarioEndpoint>(ScenarioService.Descriptor, ScenarioService.BindService),
        ServedService.Of<QuestionnaireEndpoint>(QuestionnaireService.Descriptor, QuestionnaireService.BindService),
        ServedService.Of<CustomerEndpoint>(CustomerService.Descriptor, CustomerService.BindService),
        ServedService.Of<IdentityEndpoint>(IdentityService.Descriptor, IdentityService.BindService),
        ServedService.Of<ContactEndpoint>(ContactService.Descriptor, ContactService.BindService),
        ServedService.Of<RelationshipEndpoint>(RelationshipService.Descriptor, RelationshipService.BindService),
        ServedService.Of<ModelEndpoint>(ModelService.Descriptor, ModelService.BindService),
    ];

    /// <summary>
    /// Without its store a server still recommends, and counts as serving: all servers of a shop have the same store, and none of them would be left.
    /// </summary>
    private static void Tell(HealthStatuses health, bool storeIsLost)
    {
        foreach (var service in _services)
        {
            if (storeIsLost && service.Descriptor != RecommendationService.Descriptor) health.SetNotServing(service.Descriptor.FullName);
            else health.SetServing(service.Descriptor.FullName);
        }
    }

    private static void Listen(KestrelServerOptions kestrel, ServerOptions options)
    {
        var certificate = options.CertificateFile is { } file ? X509Certificate2.CreateFromPemFile(file, options.KeyFile) : null;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null; // an import has no end; messages and JSON bodies have their own limits
        kestrel.Limits.MinRequestBodyDataRate = null; // a stream may rest between two messages
        // A client that vanished without a word must not hold its import for hours.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        kestrel.Listen(options.Address, options.GrpcPort, listen => Speak(listen, HttpProtocols.Http2));
        kestrel.Listen(options.Address, options.HttpPort, listen => Speak(listen, HttpProtocols.Http1));

        void Speak(ListenOptions listen, HttpProtocols protocols)
        {
            listen.Protocols = certificate is null ? protocols : HttpProtocols.Http1AndHttp2;
            if (certificate is not null) listen.UseHttps(certificate);
        }
    }

    /// <summary>One service in both of its forms, so that none can be in one and missing in the other.</summary>
    private sealed record ServedService(ServiceDescriptor Descriptor, Action<IServiceCollection> Register, Action<WebApplication> MapGrpc,
        Func<IServiceProvider, JsonService> AsJson)
    {
        public static ServedService Of<TEndpoint>(ServiceDescriptor descriptor, Action<ServiceBinderBase, TEndpoint> bind) where TEndpoint : class =>
            new(descriptor, services => services.TryAddSingleton<TEndpoint>(), app => app.MapGrpcService<TEndpoint>(),
                services => new JsonService(descriptor, binder => bind(binder, services.GetRequiredService<TEndpoint>())));
    }
}

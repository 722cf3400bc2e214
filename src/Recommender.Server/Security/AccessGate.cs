using System.Net;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Recommender.Interactions;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;

namespace Recommender.Server.Security;

/// <summary>Asked before every call, gRPC or JSON: who is calling, and may they. The one place where a credential is looked at.</summary>
internal sealed class AccessGate(AccessKeys keys) : Interceptor
{
    private const string RoleKey = "recommender-role";
    private const string Bearer = "Bearer ";

    // What a page in a customer's browser needs. Whatever it asks there must be for a visitor (RequireVisitor).
    private static readonly HashSet<string> _forBrowsers = new(StringComparer.Ordinal)
    {
        $"/{RecommendationService.Descriptor.FullName}/Recommend",
        $"/{RecommendationService.Descriptor.FullName}/SimilarItems",
        $"/{EventService.Descriptor.FullName}/RecordEvents",
        $"/{QuestionnaireService.Descriptor.FullName}/StartSession",
        $"/{QuestionnaireService.Descriptor.FullName}/GetSession",
        $"/{QuestionnaireService.Descriptor.FullName}/SubmitAnswer",
        $"/{QuestionnaireService.Descriptor.FullName}/EndSession",
        $"/{QuestionnaireService.Descriptor.FullName}/NextQuestion",
    };

    // What is about known people is for the shop's own servers, even where a shop has made no keys yet.
    private static readonly string[] _neverForStrangers =
    [
        $"/{IdentityService.Descriptor.FullName}/", $"/{CustomerService.Descriptor.FullName}/", $"/{RelationshipService.Descriptor.FullName}/",
        $"/{ContactService.Descriptor.FullName}/",
    ];

    /// <exception cref="RefusedException">The caller may not call this.</exception>
    public void Admit(ServerCallContext context)
    {
        bool ours = context.Method.StartsWith("/recommender.", StringComparison.Ordinal);
        if (!ours) return; // health and reflection say nothing of the shop
        Role role = RoleOf(context);
        context.UserState[RoleKey] = role;
        if (role == Role.Server) return;
        if (keys.IsEmpty)
        {
            if (_neverForStrangers.Any(service => context.Method.StartsWith(service, StringComparison.Ordinal)))
                throw new RefusedException(StatusCode.PermissionDenied, $"{context.Method} from another machine needs a server key, and this shop has none; make one with `recommender key --role server`");
            return;
        }
        if (role == Role.Stranger)
            throw new RefusedException(StatusCode.Unauthenticated, "the call needs a key of this shop: send it as \"authorization: Bearer KEY\"");
        if (!_forBrowsers.Contains(context.Method))
            throw new RefusedException(StatusCode.PermissionDenied, $"{context.Method} needs a server key; this is a browser's");
    }

    /// <summary>A browser's key acts for visitors only: whoever holds a page open could name any customer.</summary>
    /// <exception cref="RefusedException">A browser's key names a customer.</exception>
    public static void RequireVisitor(ServerCallContext context, Person? person)
    {
        if (person is { Kind: PersonKind.Customer } && context.UserState.TryGetValue(RoleKey, out object? role) && role is Role.Browser)
            throw new RefusedException(StatusCode.PermissionDenied, "a browser's key acts for visitors only; name a visitor_id, or call from a server");
    }

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(requestStream, responseStream, context);
    }

    private Role RoleOf(ServerCallContext context)
    {
        if (keys.IsEmpty) return IPAddress.IsLoopback(context.GetHttpContext().Connection.RemoteIpAddress ?? IPAddress.None) ? Role.Server : Role.Stranger;
        string? header = context.RequestHeaders.GetValue("authorization");
        return header is not null && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? keys.RoleOf(header[Bearer.Length..].Trim()) : Role.Stranger;
    }
}

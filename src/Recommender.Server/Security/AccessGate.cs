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

    /// <exception cref="RefusedException">The caller may not call this.</exception>
    public void Admit(ServerCallContext context)
    {
        bool ours = context.Method.StartsWith("/recommender.", StringComparison.Ordinal);
        if (!ours) return; // health and reflection say nothing of the shop
        Role role = RoleOf(context);
        context.UserState[RoleKey] = role;
        Require(role, context.Method);
    }

    /// <summary>A stranger in a shop without keys may do what a page in a browser may: a shop that is only tried out tells nobody of its customers.</summary>
    /// <exception cref="RefusedException">Callers in this role may not call this method.</exception>
    public void Require(Role role, string method)
    {
        if (role == Role.Server) return;
        if (role == Role.Stranger && !keys.IsEmpty)
            throw new RefusedException(StatusCode.Unauthenticated, "the call needs a key of this shop: send it as \"authorization: Bearer KEY\"");
        if (_forBrowsers.Contains(method)) return;
        throw new RefusedException(StatusCode.PermissionDenied, role == Role.Browser
            ? $"{method} needs a server key; this is a browser's"
            : $"{method} from another machine needs a server key, and this shop has none; make one with `recommender key --role server`");
    }

    /// <summary>Browsers and strangers act for visitors only: whoever holds a page open could name any customer.</summary>
    /// <exception cref="RefusedException">Such a caller names a customer.</exception>
    public static void RequireVisitor(ServerCallContext context, Person? person) => RequireVisitor(RoleIn(context), person);

    /// <inheritdoc cref="RequireVisitor(ServerCallContext, Person?)"/>
    public static void RequireVisitor(Role role, Person? person)
    {
        if (person is { Kind: PersonKind.Customer } && role != Role.Server)
            throw new RefusedException(StatusCode.PermissionDenied,
                "a browser's key acts for visitors only, and so does a call without a key from another machine; name a visitor_id, or call from a server");
    }

    /// <summary>Whether the caller may see, and say, what is known of customers; others have to do with visitors alone.</summary>
    public static bool SeesCustomers(ServerCallContext context) => RoleIn(context) == Role.Server;

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

    // Whoever was not looked at is a stranger.
    private static Role RoleIn(ServerCallContext context) => context.UserState.TryGetValue(RoleKey, out object? role) && role is Role known ? known : Role.Stranger;

    private Role RoleOf(ServerCallContext context)
    {
        if (keys.IsEmpty) return IPAddress.IsLoopback(context.GetHttpContext().Connection.RemoteIpAddress ?? IPAddress.None) ? Role.Server : Role.Stranger;
        string? header = context.RequestHeaders.GetValue("authorization");
        return header is not null && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? keys.RoleOf(header[Bearer.Length..].Trim()) : Role.Stranger;
    }
}

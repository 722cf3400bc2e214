using System.Security.Authentication;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using Recommender.Storage.Mongo;
using Answerless = Recommender.Storage.Mongo.MongoConnectionException;
using Refusal = Recommender.Storage.Mongo.MongoCommandException;

namespace Recommender.Storage.Driver;

/// <summary>What the driver throws, in the two words that a transport has: refused, and without an answer.</summary>
internal static class DriverFailure
{
    /// <summary>Null for what is not the driver's.</summary>
    /// <param name="state">What it knows of the servers, which says why none was found; its own message is a page long.</param>
    public static Exception? Of(Exception failure, ClusterDescription? state) => failure switch
    {
        Answerless or Refusal => null,
        MongoAuthenticationException => new Refusal(MongoErrorCodes.AuthenticationFailed, "Authentication failed.", []),
        MongoExecutionTimeoutException late => new Refusal(MongoErrorCodes.MaxTimeExpired, late.Message, []),
        MongoDB.Driver.MongoCommandException refused => OfAnswer(refused.Result) ?? new Refusal(refused.Code, refused.Message, [.. refused.ErrorLabels]),
        TimeoutException when state is not null => new Answerless(Reasons(state), timedOut: false, failure) { IsLasting = IsUntrusted(state) },
        MongoException or TimeoutException or IOException => new Answerless(Innermost(failure).Message, timedOut: false, failure) { IsLasting = Innermost(failure) is AuthenticationException },
        _ => null,
    };

    private static Refusal? OfAnswer(BsonDocument? answer) => answer is null ? null : ServerError.Of(answer.ToBson());

    private static string Reasons(ClusterDescription state) => "no suitable server was found: " + string.Join("; ", state.Servers.Select(server =>
        $"{EndPoint(server.EndPoint)}: {(server.HeartbeatException is { } problem ? Innermost(problem).Message : $"{server.Type}")}"));

    private static string EndPoint(System.Net.EndPoint point) => point is System.Net.DnsEndPoint named ? $"{named.Host}:{named.Port}" : $"{point}";

    private static bool IsUntrusted(ClusterDescription state) =>
        state.Servers.Any(server => server.HeartbeatException is { } problem && Innermost(problem) is AuthenticationException);

    private static Exception Innermost(Exception problem)
    {
        while (problem.InnerException is { } inner) problem = inner;
        return problem;
    }
}

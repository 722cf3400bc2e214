using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Recommender.Grpc;

/// <summary>The errors that handlers throw: <c>throw RpcError.InvalidArgument("count", "must be 1 to 10000, got 0")</c>.</summary>
public static class RpcError
{
    /// <param name="field">Path of the field in the request, as in the proto: "events[3].price".</param>
    /// <param name="description">What is wrong, the value, and what would be right.</param>
    public static RpcException InvalidArgument(string field, string description) => InvalidArgument([(field, description)]);

    /// <summary>All that is wrong with a request at once, so that its sender need not find out one by one.</summary>
    public static RpcException InvalidArgument(IReadOnlyCollection<(string Field, string Description)> violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        ArgumentOutOfRangeException.ThrowIfZero(violations.Count, nameof(violations));
        var detail = new BadRequest();
        foreach (var (field, description) in violations)
            detail.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = description });
        string message = string.Join("; ", violations.Select(violation => $"{violation.Field}: {violation.Description}"));
        return Create(StatusCode.InvalidArgument, message, detail);
    }

    /// <param name="resourceType">What it is in the caller's words: "item", "scenario".</param>
    /// <param name="message">Says what to do too: "There is no scenario 'hom'. Did you mean 'home'?"</param>
    public static RpcException NotFound(string resourceType, string resourceName, string message) =>
        Create(StatusCode.NotFound, message, new ResourceInfo { ResourceType = resourceType, ResourceName = resourceName });

    /// <summary>The id exists with other content; nothing was overwritten.</summary>
    public static RpcException AlreadyExists(string resourceType, string resourceName, string message) =>
        Create(StatusCode.AlreadyExists, message, new ResourceInfo { ResourceType = resourceType, ResourceName = resourceName });

    /// <summary>The request is right, but not in the state things are in: something else has to be done first.</summary>
    /// <param name="subject">What is in the wrong state: "model 7".</param>
    public static RpcException FailedPrecondition(string type, string subject, string message)
    {
        var detail = new PreconditionFailure();
        detail.Violations.Add(new PreconditionFailure.Types.Violation { Type = type, Subject = subject, Description = message });
        return Create(StatusCode.FailedPrecondition, message, detail);
    }

    /// <summary>The same request may work a little later.</summary>
    public static RpcException Unavailable(string message, TimeSpan retryAfter) =>
        Create(StatusCode.Unavailable, message, new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) });

    public static RpcException Create(StatusCode code, string message, params IReadOnlyCollection<IMessage> details)
    {
        ArgumentNullException.ThrowIfNull(details);
        var status = new Google.Rpc.Status { Code = (int)code, Message = message };
        foreach (var detail in details)
            status.Details.Add(Any.Pack(detail));
        return status.ToRpcException();
    }
}
